import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { readCa, readIdentityCertificate } from '../../../../client/auth/certificates';
import { ClientError } from '../../../../client/model/failures';
import { makeCertificates, type Certificates } from '../../../support/emulator';

let made: Certificates;
beforeAll(async () => {
	made = await makeCertificates();
});

const DAY_MS = 24 * 60 * 60 * 1000;
const EMPTY = { clientCertificate: '', clientKey: '', passphrase: '' };

function problemOf(read: () => unknown): string | undefined {
	try {
		read();
		return undefined;
	} catch (error) {
		if (!(error instanceof ClientError)) throw error;
		const { failure } = error;
		return failure.kind === 'credential' ? failure.problem : failure.kind;
	}
}

const problem = (fields: Partial<typeof EMPTY>, now = Date.now()) =>
	problemOf(() => readIdentityCertificate({ ...EMPTY, ...fields }, now));

it('needs no key', () => {
	const { certificate } = made.client;
	const identity = readIdentityCertificate(
		{ ...EMPTY, clientCertificate: certificate },
		Date.now(),
	);
	expect(identity).toEqual({ pem: certificate, tls: {} });
});

it('presents certificate and key in the handshake if both are given', () => {
	const { certificate, key, encryptedKey, passphrase } = made.client;
	for (const [clientKey, secret] of [
		[key, ''],
		[key, 'needless'],
		[encryptedKey, passphrase],
	] as const) {
		const fields = { clientCertificate: certificate, clientKey, passphrase: secret };
		const identity = readIdentityCertificate(fields, Date.now());
		expect(identity.tls.cert).toBe(certificate);
		expect(() => tls.createSecureContext(identity.tls)).not.toThrow();
	}
});

it('reports problems before anything is sent', () => {
	const { certificate: clientCertificate, key, encryptedKey, passphrase } = made.client;
	const day = 24 * 60 * 60 * 1000;
	expect(problem({})).toBe('certificateMissing');
	expect(problem({ clientKey: key })).toBe('certificateMissing');
	expect(problem({ clientCertificate: 'rubbish' })).toBe('certificateUnreadable');
	expect(problem({ clientCertificate: key })).toBe('certificateUnreadable');
	expect(problem({ clientCertificate: made.expiredClient.certificate })).toBe('certificateExpired');
	expect(problem({ clientCertificate }, Date.now() - 10 * day)).toBe('certificateNotYetValid');
	expect(problem({ clientCertificate }, Date.now() + 40 * day)).toBe('certificateExpired');
	expect(problem({ clientCertificate, clientKey: 'rubbish' })).toBe('keyUnreadable');
	expect(problem({ clientCertificate, clientKey: clientCertificate })).toBe('keyUnreadable');
	expect(problem({ clientCertificate, clientKey: key.replaceAll('M', 'x') })).toBe('keyUnreadable');
	expect(problem({ clientCertificate, clientKey: encryptedKey })).toBe('passphraseWrong');
	expect(problem({ clientCertificate, clientKey: encryptedKey, passphrase: 'no' })).toBe(
		'passphraseWrong',
	);
	expect(problem({ clientCertificate, clientKey: encryptedKey, passphrase })).toBeUndefined();
	expect(problem({ clientCertificate, clientKey: made.unrelatedKey })).toBe('keyNotMatching');
	expect(problem({ clientCertificate, clientKey: made.otherClient.key })).toBe('keyNotMatching');
});

const half = (pem: string) => pem.slice(0, pem.length / 2);

it('never puts a private key of a bundle into the header', () => {
	const { certificate, key, encryptedKey } = made.client;
	const flat = (pem: string) => pem.replaceAll('\n', ' ');
	const secrets = [key, encryptedKey].map((pem) => pem.split('\n')[1] as string);
	for (const bundle of [
		key + certificate,
		certificate + key,
		certificate + encryptedKey + made.ca,
		flat(key + certificate),
		flat(certificate + key),
		flat(certificate + key).replaceAll(' ', ''),
		JSON.stringify(certificate + key),
		`text\n${certificate}text\n${key}`,
		half(key) + certificate,
		certificate + half(key),
		half(certificate) + key + certificate,
		`${half(certificate)}\n${key}\n${certificate}`,
		key.replaceAll('-----', '----') + certificate,
		certificate.replace('-----END CERTIFICATE-----\n', '') + key + certificate,
	]) {
		const fields = { ...EMPTY, clientCertificate: bundle };
		let pem = '';
		const found = problemOf(() => (pem = readIdentityCertificate(fields, Date.now()).pem));
		expect(String(found)).toMatch(/^certificateUnreadable$|^undefined$/);
		const joined = pem.replace(/\s/g, '');
		for (const secret of secrets) expect(joined).not.toContain(secret);
		expect(joined).not.toContain('PRIVATE');
	}
});

it("keeps the chain, and puts the client's own certificate first", () => {
	const { certificate, key } = made.client;
	const chain = { ...EMPTY, clientCertificate: certificate + made.ca, clientKey: key };
	expect(readIdentityCertificate(chain, Date.now()).pem).toBe(certificate + made.ca);
	const reversed = { ...chain, clientCertificate: made.ca + certificate };
	expect(readIdentityCertificate(reversed, Date.now()).pem).toBe(certificate + made.ca);
	expect(readIdentityCertificate({ ...reversed, clientKey: '' }, Date.now()).pem).toBe(
		certificate + made.ca,
	);
	const other = { ...chain, clientCertificate: made.ca + made.otherClient.certificate };
	expect(problem(other)).toBe('keyNotMatching');
});

describe('certificate authority', () => {
	it('is added to the default ones', () => {
		const authorities = readCa(made.ca) as string[];
		expect(authorities.length).toBeGreaterThan(tls.rootCertificates.length);
		expect(authorities).toContain(made.ca);
		expect(readCa('')).toBeUndefined();
	});

	it.each([
		['one line', (pem: string) => pem.replaceAll('\n', ' ')],
		['two of them', (pem: string) => pem + pem],
		['with comments', (pem: string) => `# Corporate CA\n${pem}`],
	])('is read: %s', (_, change) => {
		const last = readCa(change(made.ca))?.at(-1) as string;
		expect(new X509Certificate(last).raw).toEqual(new X509Certificate(made.ca).raw);
	});

	it("is refused if it can't be read", () => {
		expect(problemOf(() => readCa('rubbish'))).toBe('caUnreadable');
		expect(problemOf(() => readCa(made.client.key))).toBe('caUnreadable');
		expect(problemOf(() => readCa(made.ca + made.ca.replaceAll('M', '')))).toBe('caUnreadable');
	});
});

it('reports an expired certificate with the day', () => {
	const { certificate: clientCertificate } = made.client;
	expect(problem({ clientCertificate }, Date.now() + 29 * DAY_MS)).toBeUndefined();
	expect(problem({ clientCertificate }, Date.now() + 31 * DAY_MS)).toBe('certificateExpired');
});
