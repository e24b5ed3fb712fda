import type { INode } from 'n8n-workflow';
import { image } from '../support/engine/media';
import { node } from '../support/engine/workflows';
import type { Credential } from '../support/host/workflow';
import { readFiles, useBench, type Bench } from './bench';

function httpRequest({ id, name, type }: Credential, parameters: object): INode {
	return node(
		'n8n-nodes-base.httpRequest',
		'HTTP Request',
		{ authentication: 'predefinedCredentialType', nodeCredentialType: type, ...parameters },
		{ typeVersion: 4.2, credentials: { [type]: { id, name } } },
	);
}

const sample = image('http');

/** `GET /status` and `POST /image`, for users who need more than this package's nodes. */
async function askBoth(bench: Bench, form: Credential['data']): Promise<void> {
	const credential = await bench.createCredential(form);
	const { url } = bench.emulator;
	const status = await bench.run([httpRequest(credential, { url: `${url}/status` })]);
	expect(status.error).toBeUndefined();
	expect(status.items[0]?.json).toMatchObject({ status: expect.any(String), client: {} });

	const upload = {
		method: 'POST',
		url: `${url}/image`,
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: 'data',
	};
	const files = await bench.write([sample]);
	const detected = await bench.run([readFiles(files), httpRequest(credential, upload)]);
	expect(detected.error).toBeUndefined();
	expect(detected.items[0]?.json).toMatchObject(sample.verdict);
}

describe('without a certificate', () => {
	const bench = useBench();

	test("signs n8n's HTTP Request node with an API key", async () => {
		await askBoth(bench, { authentication: 'apiKey', apiKey: bench.emulator.apiKey });
	});

	test("signs n8n's HTTP Request node with OAuth2", async () => {
		const { id: clientId, secret: clientSecret } = bench.emulator.client;
		await askBoth(bench, { authentication: 'oAuth2', clientId, clientSecret });
	});

	test("doesn't sign unencrypted requests to another machine", async () => {
		const credential = await bench.createCredential({
			authentication: 'apiKey',
			apiKey: bench.emulator.apiKey,
		});
		const { error } = await bench.run([
			httpRequest(credential, { url: 'http://bitmind.test/status' }),
		]);
		expect(JSON.stringify(error)).toContain('The credential is only sent to https:// addresses');
	});

	test('gets a new token when the stored one has expired', async () => {
		const { client } = bench.emulator;
		const credential = await bench.createCredential({
			authentication: 'oAuth2',
			clientId: client.id,
			clientSecret: client.secret,
		});
		const ask = () => bench.run([httpRequest(credential, { url: `${bench.emulator.url}/status` })]);
		expect((await ask()).error).toBeUndefined();
		bench.emulator.expireTokens();
		expect((await ask()).error).toBeUndefined();
	});
});

describe('with a certificate', () => {
	const bench = useBench({ clientCertificate: 'header' });

	test('sends it in the header, also with the token request', async () => {
		const { client, certificates } = bench.emulator;
		await askBoth(bench, {
			authentication: 'oAuth2Mtls',
			clientId: client.id,
			clientCertificate: certificates.client.certificate,
		});
	});
});

describe('with a certificate in the handshake', () => {
	const bench = useBench({ clientCertificate: 'both', refuseInHandshake: true });

	test('presents it', async () => {
		const { apiKey, certificates } = bench.emulator;
		await askBoth(bench, {
			authentication: 'apiKey',
			apiKey,
			useClientCertificate: true,
			clientCertificate: certificates.client.certificate,
			clientKey: certificates.client.encryptedKey,
			passphrase: certificates.client.passphrase,
			caCertificate: certificates.ca,
		});
		expect(bench.emulator.requests[0]).toMatchObject({ handshakeCertificate: 'registered' });
	});
});
