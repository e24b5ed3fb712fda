import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { ALL_PERMISSIONS, startRawServer, type EmulatorOptions } from '../support/emulator';
import { allTextIn, secretsOf } from '../support/engine/secrets';
import { useBench, type Bench } from './bench';

type Form = ICredentialDataDecryptedObject;

async function testOf(bench: Bench, form: Form) {
	// Tested without storing it, because n8n doesn't store one without its required fields.
	const data = { baseUrl: bench.emulator.url, ...form };
	const result = await bench.api.testCredential({ ...bench.credential, data });
	const text = allTextIn(result);
	for (const secret of secretsOf(bench.emulator)) expect(text).not.toContain(secret);
	return result;
}

const apiKey = ({ emulator }: Bench): Form => ({
	authentication: 'apiKey',
	apiKey: emulator.apiKey,
});
const oAuth2 = ({ emulator: { client } }: Bench): Form => ({
	authentication: 'oAuth2',
	clientId: client.id,
	clientSecret: client.secret,
});
const mtls = ({ emulator: { client, certificates } }: Bench): Form => ({
	authentication: 'oAuth2Mtls',
	clientId: client.id,
	clientCertificate: certificates.client.certificate,
});

const EMULATORS: Array<[string, EmulatorOptions, Array<[string, (bench: Bench) => Form, RegExp]>]> =
	[
		[
			'an emulator that requires no certificate',
			{},
			[
				['an API key', apiKey, /^Connection successful as Emulator/],
				['a client secret', oAuth2, /^Connection successful as Emulator/],
				[
					'a wrong key',
					(b) => ({ ...apiKey(b), apiKey: 'enterprise-wrong' }),
					/did not accept the credential.*'API Key'/,
				],
				['no key', (b) => ({ ...apiKey(b), apiKey: '' }), /has no 'API Key'/],
				[
					'a wrong secret',
					(b) => ({ ...oAuth2(b), clientSecret: 'wrong secret' }),
					/gave no access token.*'Client Secret'/,
				],
				[
					'an unknown client',
					(b) => ({ ...oAuth2(b), clientId: 'nobody' }),
					/gave no access token.*'Client ID'/,
				],
				[
					'no certificate with mTLS',
					(b) => ({ ...mtls(b), clientCertificate: '' }),
					/has no 'Client Certificate'/,
				],
				[
					'an unreadable certificate',
					(b) => ({ ...mtls(b), clientCertificate: 'not a certificate' }),
					/'Client Certificate' can't be read/,
				],
				[
					'an expired certificate',
					(b) => ({
						...mtls(b),
						clientCertificate: b.emulator.certificates.expiredClient.certificate,
					}),
					/'Client Certificate' has expired/,
				],
				[
					'a path that leads nowhere',
					(b) => ({ ...apiKey(b), baseUrl: `${b.emulator.url}/v2` }),
					/no BitMind API at the credential's 'Base URL' \(status 404\)/,
				],
				[
					'plain HTTP to another machine',
					(b) => ({ ...apiKey(b), baseUrl: 'http://enterprise.bitmind.ai' }),
					/must begin with https:/,
				],
				[
					"something that isn't an address",
					(b) => ({ ...apiKey(b), baseUrl: 'enterprise' }),
					/is not a web address/,
				],
				[
					"a host that doesn't exist",
					(b) => ({ ...apiKey(b), baseUrl: 'https://no-such-host.invalid' }),
					/server no-such-host.invalid can't be reached: its name could not be resolved/,
				],
			],
		],
		[
			'an emulator that requires the certificate in a header',
			{ clientCertificate: 'header' },
			[
				['the certificate', (b) => ({ ...mtls(b) }), /^Connection successful/],
				[
					'the key and the certificate',
					(b) => ({ ...mtls(b), ...apiKey(b), useClientCertificate: true }),
					/^Connection successful/,
				],
				[
					'no certificate',
					apiKey,
					/asks for a client certificate, and the credential has none.*'Client Certificate'/,
				],
				[
					'another certificate',
					(b) => ({
						...apiKey(b),
						useClientCertificate: true,
						clientCertificate: b.emulator.certificates.otherClient.certificate,
					}),
					/does not accept the 'Client Certificate'/,
				],
			],
		],
		[
			'an account without the batch permission',
			{ permissions: ALL_PERMISSIONS.filter((name) => name !== 'batch_processing') },
			[['an API key', apiKey, /accepted, but the account lacks the permission 'batch_processing'/]],
		],
	];

describe.each(EMULATORS)('%s', (_, options, cases) => {
	const bench = useBench(options);

	test.each(cases)('given %s', async (_name, form, message) => {
		const result = await testOf(bench, form(bench));
		expect(result.message).toMatch(message);
		expect(result.status).toBe(message.source.startsWith('^Connection') ? 'OK' : 'Error');
	});
});

describe("a server that isn't BitMind", () => {
	const bench = useBench();

	test.each([
		['a web page', 'HTTP/1.1 200 OK', '<html><body>Welcome</body></html>'],
		['a redirect', 'HTTP/1.1 302 Found\r\nLocation: https://other.example/', ''],
	])('responds with %s', async (_, head, body) => {
		const server = await startRawServer(async (connection) => {
			await connection.readHead();
			await connection.respond(head, body, { 'Content-Type': 'text/html' });
		});
		const result = await testOf(bench, { ...apiKey(bench), baseUrl: server.url });
		expect(result.message).toMatch(/no BitMind API at the credential's 'Base URL'/);
		await server.close();
	});

	test("doesn't exist", async () => {
		const server = await startRawServer(() => {});
		await server.close();
		const result = await testOf(bench, { ...apiKey(bench), baseUrl: server.url });
		expect(result.message).toMatch(
			/server 127\.0\.0\.1:\d+ can't be reached: it refuses connections/,
		);
	});
});
