import { createPrivateKey, X509Certificate } from 'node:crypto';
import { normalizePem, pemBlocks } from '../../../../client/auth/pem';
import { makeCertificates, type Certificates } from '../../../support/emulator';

let made: Certificates;
let certificate: string;
beforeAll(async () => {
	made = await makeCertificates();
	certificate = made.client.certificate;
});

/** What forms and people do to a PEM. */
const DAMAGES: [string, (pem: string) => string][] = [
	['nothing', (pem) => pem],
	['no line break at the end', (pem) => pem.trim()],
	['Windows line breaks', (pem) => pem.replaceAll('\n', '\r\n')],
	['old Mac line breaks', (pem) => pem.replaceAll('\n', '\r')],
	['one line with spaces', (pem) => pem.replaceAll('\n', ' ')],
	['one line without spaces', (pem) => pem.replaceAll('\n', '')],
	['\\n written out', (pem) => pem.replaceAll('\n', '\\n')],
	['\\r\\n written out', (pem) => pem.replaceAll('\n', '\\r\\n')],
	['\\n written out in quotes', (pem) => JSON.stringify(pem)],
	['text around it', (pem) => `Bag Attributes\n  localKeyID: 01\nsubject=/CN=x\n${pem}\n# end\n`],
	['indentation', (pem) => pem.replace(/^/gm, '    ')],
	['blank lines', (pem) => pem.replaceAll('\n', '\n\n')],
	['\\n written out, and line breaks', (pem) => pem.replaceAll('\n', '\\n\n')],
	['\\n written out twice', (pem) => pem.replaceAll('\n', '\\\\n')],
	['spaces at line ends', (pem) => pem.replaceAll('\n', '  \n')],
	['tabs', (pem) => pem.replaceAll('\n', '\t')],
];

it.each(DAMAGES)('restores a certificate to the form that OpenSSL writes: %s', (_, damage) => {
	const restored = normalizePem(damage(certificate)) as string;
	expect(new X509Certificate(restored).raw).toEqual(new X509Certificate(certificate).raw);
	// Its base64 is what the server compares with `base64 -w 0 client.crt`.
	expect(restored).toBe(certificate);
});

it.each(DAMAGES)('keeps the order of a chain: %s', (_, damage) => {
	const chain = certificate + made.ca;
	const blocks = pemBlocks(normalizePem(damage(chain)) as string, /^CERTIFICATE$/);
	expect(blocks.map((pem) => new X509Certificate(pem).subject)).toEqual([
		new X509Certificate(certificate).subject,
		new X509Certificate(made.ca).subject,
	]);
});

it.each(DAMAGES)('restores keys: %s', (_, damage) => {
	const { key, encryptedKey, passphrase } = made.client;
	const plain = createPrivateKey(key);
	expect(createPrivateKey(normalizePem(damage(key)) as string).equals(plain)).toBe(true);
	const encrypted = { key: normalizePem(damage(encryptedKey)) as string, passphrase };
	expect(createPrivateKey(encrypted).equals(plain)).toBe(true);
});

it.each(DAMAGES)('restores an old encrypted key with its headers: %s', (_, damage) => {
	const passphrase = 'open sesame';
	const plain = createPrivateKey(made.client.key);
	for (const cipher of ['aes-256-cbc', 'aes-128-cbc', 'des-ede3-cbc']) {
		const old = plain.export({ type: 'sec1', format: 'pem', cipher, passphrase }).toString();
		expect(old).toContain('Proc-Type');
		const key = normalizePem(damage(old)) as string;
		expect(createPrivateKey({ key, passphrase }).equals(plain)).toBe(true);
	}
});

it.each(['', 'nothing', '-----BEGIN CERTIFICATE-----', '-----BEGIN A-----\nA*A\n-----END B-----'])(
	'finds no PEM in %j',
	(text) => {
		expect(normalizePem(text)).toBeUndefined();
	},
);

it('keeps a PEM with lines of another length exactly', () => {
	const wide = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(76)}\n${'A'.repeat(8)}\n-----END CERTIFICATE-----\n`;
	expect(normalizePem(wide)).toBe(wide);
});

it('finds the blocks of one kind', () => {
	const pem = `${made.client.key}${certificate}${made.client.encryptedKey}${made.ca}`;
	expect(pemBlocks(pem, /^CERTIFICATE$/)).toEqual([certificate, made.ca]);
	expect(pemBlocks(pem, /PRIVATE KEY/)).toHaveLength(2);
});

it.each([
	['a comment', '# comment: ü\n'],
	['a long line', `-----BEGIN CERTIFICATE-----\n${'A'.repeat(500)}\n-----END CERTIFICATE-----\n`],
	['an open block', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
])('bug: reads a bundle of 150 authorities with %s at its end in linear time', (_, tail) => {
	const bundle = normalizePem(made.ca.repeat(150) + tail) as string;
	expect(pemBlocks(bundle, /^CERTIFICATE$/).length).toBeGreaterThanOrEqual(150);
});
