import type { INode } from 'n8n-workflow';
import { image } from '../engine/media';
import { node } from '../engine/workflows';
import type { Credential } from '../host/workflow';
import { readFiles, useBench, type Bench } from './bench';

function httpRequest({ id, name, type }: Credential, parameters: object): INode {
	return node(
		'n8n-nodes-base.httpRequest',
		'HTTP Request',
		{ authentication: 'predefinedCredentialType', nodeCredentialType: type, ...parameters },
		{ typeVersion: 4.2, credentials: { [type]: { id, name } } },
	);
}

async function askStatus(bench: Bench, form: Credential['data']) {
	const credential = await bench.createCredential(form);
	const { url } = bench.emulator;
	return await bench.run([httpRequest(credential, { url: `${url}/status` })]);
}

describe('without a certificate', () => {
	const bench = useBench();

	test.each([
		[
			'an API key',
			({ emulator }: Bench) => ({ authentication: 'apiKey', apiKey: emulator.apiKey }),
		],
		[
			'OAuth2',
			({ emulator: { client } }: Bench) => ({
				authentication: 'oAuth2',
				clientId: client.id,
				clientSecret: client.secret,
			}),
		],
	])("signs n8n's HTTP Request node with %s", async (_, form) => {
		const { items, error } = await askStatus(bench, form(bench));
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ status: expect.any(String), client: {} });
	});

	test('takes a new token after the one that is stored has run out', async () => {
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

	test('sends a file to the single-file endpoint', async () => {
		const sample = image();
		const request = httpRequest(bench.credential, {
			method: 'POST',
			url: `${bench.emulator.url}/image`,
			sendBody: true,
			contentType: 'binaryData',
			inputDataFieldName: 'data',
		});
		const { items, error } = await bench.run([readFiles(await bench.write([sample])), request]);
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject(sample.verdict);
	});
});

describe('with a certificate', () => {
	const bench = useBench({ clientCertificate: 'header' });

	test('shows it in the header, on the token request too', async () => {
		const { client, certificates } = bench.emulator;
		const { items, error } = await askStatus(bench, {
			authentication: 'oAuth2Mtls',
			clientId: client.id,
			clientCertificate: certificates.client.certificate,
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
	});
});

describe('with a certificate in the handshake', () => {
	const bench = useBench({ clientCertificate: 'both', refuseInHandshake: true });

	test('presents it there', async () => {
		const { apiKey, certificates } = bench.emulator;
		const { error } = await askStatus(bench, {
			authentication: 'apiKey',
			apiKey,
			useClientCertificate: true,
			clientCertificate: certificates.client.certificate,
			clientKey: certificates.client.encryptedKey,
			passphrase: certificates.client.passphrase,
			caCertificate: certificates.ca,
		});
		expect(error).toBeUndefined();
		expect(bench.emulator.requests[0]).toMatchObject({ handshakeCertificate: 'registered' });
	});
});
