import { signedHeaders } from '../../../../client/auth/authorizer';
import { parseCredentials } from '../../../../client/auth/credentials';
import { failureOf } from '../../../../client/model/failures';
import { makeCertificates, type Certificates } from '../../../support/emulator';

let made: Certificates;
beforeAll(async () => {
	made = await makeCertificates();
});

const BASE = { baseUrl: 'https://enterprise.bitmind.ai' };
const parse = (fields: object) => parseCredentials({ ...BASE, ...fields }, Date.now());

function problem(input: unknown): string | undefined {
	try {
		parseCredentials(input, Date.now());
		return undefined;
	} catch (error) {
		const failure = failureOf(error);
		return failure?.kind === 'credential' ? failure.problem : failure?.kind;
	}
}

it.each([
	['nothing at all', undefined, 'baseUrl.notAUrl'],
	['only the address', BASE, 'apiKeyMissing'],
	['no object', 'text', undefined],
	['an empty key', { ...BASE, apiKey: '  ' }, 'apiKeyMissing'],
	["a key that isn't a string", { ...BASE, apiKey: 12 }, 'apiKeyMissing'],
	['a key with a line break', { ...BASE, apiKey: 'a\r\nX: 1' }, 'apiKeyUnusable'],
	['a key with a space', { ...BASE, apiKey: 'a b' }, 'apiKeyUnusable'],
	['a key with an umlaut', { ...BASE, apiKey: 'schlüssel' }, 'apiKeyUnusable'],
	['a key with an invisible character', { ...BASE, apiKey: 'a\u200bb' }, 'apiKeyUnusable'],
	['no client ID', { ...BASE, authentication: 'oAuth2' }, 'clientIdMissing'],
	['no secret', { ...BASE, authentication: 'oAuth2', clientId: 'a' }, 'clientSecretMissing'],
	['mTLS without an ID', { ...BASE, authentication: 'oAuth2Mtls' }, 'clientIdMissing'],
	[
		'mTLS without a certificate',
		{ ...BASE, authentication: 'oAuth2Mtls', clientId: 'a' },
		'certificateMissing',
	],
	[
		'a certificate that is switched on but missing',
		{ ...BASE, apiKey: 'abc', useClientCertificate: true },
		'certificateMissing',
	],
	['an unreadable authority', { ...BASE, apiKey: 'abc', caCertificate: 'rubbish' }, 'caUnreadable'],
	['http', { baseUrl: 'http://example.com', apiKey: 'abc' }, 'baseUrl.notHttps'],
])('refuses %s', (_, input, expected) => {
	if (expected) expect(problem(input)).toBe(expected);
	else expect(() => parseCredentials(input, Date.now())).toThrow();
});

it.each(['enterprise-1', '  enterprise-1\n', 'Bearer enterprise-1', 'bearer   enterprise-1 '])(
	'finds the key in %j',
	(apiKey) => {
		const credentials = parse({ apiKey });
		expect(credentials.identity).toEqual({ kind: 'apiKey', apiKey: 'enterprise-1' });
	},
);

it('bug: treats the key as a secret even if the whole header was pasted', () => {
	expect(parse({ apiKey: 'Bearer enterprise-1' }).secrets).toContain('enterprise-1');
});

it('ignores fields of another authentication', () => {
	const rest = { clientCertificate: 'rubbish', clientKey: 'rubbish', clientId: 'id' };
	const credentials = parse({ ...rest, apiKey: 'abc' });
	expect(credentials.clientCertificate).toBeUndefined();
	expect(credentials.tls).toEqual({});
});

it('uses no secret with mTLS, even if one is left in the form', () => {
	const { certificate: clientCertificate } = made.client;
	const identity = parse({
		authentication: 'oAuth2Mtls',
		clientId: 'id',
		clientSecret: 'left over',
		clientCertificate,
	}).identity;
	expect(identity).toEqual({ kind: 'oAuth2', clientId: 'id', clientSecret: undefined });
});

it.each([
	['as it is', (pem: string) => pem],
	['without its last line break', (pem: string) => pem.trim()],
	['with \\n written out', (pem: string) => pem.replaceAll('\n', '\\n')],
	['in one line', (pem: string) => pem.replaceAll('\n', ' ')],
	['with its key', (pem: string) => made.client.key + pem],
])('bug: sends the certificate as `base64 -w 0 client.crt` prints it: %s', (_, change) => {
	const { certificate } = made.client;
	const fields = { apiKey: 'abc', useClientCertificate: true };
	const credentials = parse({ ...fields, clientCertificate: change(certificate) });
	expect(signedHeaders(credentials, 'abc')).toEqual({
		authorization: 'Bearer abc',
		'x-client-cert': Buffer.from(certificate).toString('base64'),
	});
});

it('keeps a passphrase exactly, including spaces', () => {
	const { certificate, encryptedKey, passphrase } = made.client;
	const fields = { apiKey: 'abc', useClientCertificate: true, clientCertificate: certificate };
	const padded = { ...BASE, ...fields, clientKey: encryptedKey, passphrase: `${passphrase} ` };
	expect(problem(padded)).toBe('passphraseWrong');
	expect(problem({ ...padded, passphrase })).toBeUndefined();
});

it('lists everything that must never be shown', () => {
	const secrets = parse({ apiKey: 'abc', clientSecret: 'def', passphrase: 'ghi' }).secrets;
	expect(secrets).toEqual(['abc', 'def', 'ghi']);
});
