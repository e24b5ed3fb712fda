// @peculiar/x509 builds on tsyringe, which needs this polyfill loaded before it.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { KeyObject, webcrypto } from 'node:crypto';

export interface CertifiedKey {
	/** PEM */
	certificate: string;
	/** PEM, PKCS #8 */
	key: string;
}

export interface Certificates {
	ca: string;
	server: CertifiedKey;
	client: CertifiedKey & { encryptedKey: string; passphrase: string };
	/** From the same CA and for the same name, but expired yesterday. */
	expiredClient: CertifiedKey;
	/** A valid certificate of the same CA, but not the registered one. */
	otherClient: CertifiedKey;
	unrelatedKey: string;
}

/** P-256, because it makes a key in 1 ms, and RSA takes 100 ms. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;
const PASSPHRASE = 'open sesame';

interface Issuer {
	certificate: x509.X509Certificate;
	keys: webcrypto.CryptoKeyPair;
}

interface Subject {
	name: string;
	from: number;
	until: number;
	usage: x509.ExtendedKeyUsage;
	names?: x509.JsonGeneralNames;
}

/** @param names of the server, in addition to localhost */
export async function makeCertificates(names: readonly string[] = []): Promise<Certificates> {
	const now = Date.now();
	const valid = { from: now - DAY_MS, until: now + 30 * DAY_MS };
	const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
	const ca = await makeAuthority(valid.from, valid.until);
	const [server, client, expiredClient, otherClient, unrelated] = await Promise.all([
		issue(ca, {
			...valid,
			name: 'localhost',
			usage: serverAuth,
			names: [
				...['localhost', ...names].map((value) => ({ type: 'dns' as const, value })),
				{ type: 'ip', value: '127.0.0.1' },
				{ type: 'ip', value: '::1' },
			],
		}),
		issue(ca, { ...valid, name: 'Emulator Client', usage: clientAuth }),
		issue(ca, {
			name: 'Emulator Client',
			from: now - 3 * DAY_MS,
			until: now - DAY_MS,
			usage: clientAuth,
		}),
		issue(ca, { ...valid, name: 'Other Client', usage: clientAuth }),
		generateKeys(),
	]);
	return {
		ca: pemOf(ca.certificate),
		server: certifiedKey(server),
		client: {
			...certifiedKey(client),
			encryptedKey: privateKeyOf(client.keys)
				.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
				.toString(),
			passphrase: PASSPHRASE,
		},
		expiredClient: certifiedKey(expiredClient),
		otherClient: certifiedKey(otherClient),
		unrelatedKey: keyPemOf(unrelated),
	};
}

async function makeAuthority(from: number, until: number): Promise<Issuer> {
	const keys = await generateKeys();
	const certificate = await x509.X509CertificateGenerator.createSelfSigned({
		name: 'CN=Emulator Test CA',
		keys,
		signingAlgorithm: ALGORITHM,
		notBefore: new Date(from),
		notAfter: new Date(until),
		extensions: [
			new x509.BasicConstraintsExtension(true, undefined, true),
			new x509.KeyUsagesExtension(
				x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
				true,
			),
		],
	});
	return { certificate, keys };
}

async function issue(ca: Issuer, subject: Subject): Promise<Issuer> {
	const keys = await generateKeys();
	const certificate = await x509.X509CertificateGenerator.create({
		subject: `CN=${subject.name}`,
		issuer: ca.certificate.subject,
		signingKey: ca.keys.privateKey,
		publicKey: keys.publicKey,
		signingAlgorithm: ALGORITHM,
		notBefore: new Date(subject.from),
		notAfter: new Date(subject.until),
		extensions: [
			new x509.BasicConstraintsExtension(false),
			new x509.ExtendedKeyUsageExtension([subject.usage]),
			...(subject.names ? [new x509.SubjectAlternativeNameExtension(subject.names)] : []),
		],
	});
	return { certificate, keys };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
	return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function certifiedKey({ certificate, keys }: Issuer): CertifiedKey {
	return { certificate: pemOf(certificate), key: keyPemOf(keys) };
}

/** Ends with a line break, like the files that openssl writes. */
function pemOf(certificate: x509.X509Certificate): string {
	return `${certificate.toString('pem').trim()}\n`;
}

function keyPemOf(keys: webcrypto.CryptoKeyPair): string {
	return privateKeyOf(keys).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function privateKeyOf(keys: webcrypto.CryptoKeyPair): KeyObject {
	return KeyObject.from(keys.privateKey);
}
