import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import tls from 'node:tls';
import type { CertificateProblem } from '../model/credentialProblem';
import { ClientError } from '../model/failures';
import { normalizePem, pemBlocks } from './pem';
import type { TlsIdentity } from '../http/transport';

const CERTIFICATE = /^(X509 |TRUSTED )?CERTIFICATE$/;

interface IdentityFields {
	clientCertificate: string;
	clientKey: string;
	passphrase: string;
}

/**
 * The client certificate for the header, and for the TLS handshake if there is a key.
 *
 * @throws ClientError of the kind 'credential' if it can't be used
 */
export function readIdentityCertificate(
	{ clientCertificate, clientKey, passphrase }: IdentityFields,
	now: number,
): { pem: string; tls: TlsIdentity } {
	if (!clientCertificate) throw unusable('certificateMissing');
	const pem = leafFirst(certificatesOf(clientCertificate) ?? '');
	const certificate = parseCertificate(pem);
	if (!certificate) throw unusable('certificateUnreadable');
	if (Date.parse(certificate.validTo) < now) throw unusable('certificateExpired');
	if (Date.parse(certificate.validFrom) > now) throw unusable('certificateNotYetValid');
	if (!clientKey) return { pem, tls: {} };

	const key = normalizePem(clientKey);
	if (!key) throw unusable('keyUnreadable');
	if (!certificate.checkPrivateKey(parseKey(key, passphrase))) throw unusable('keyNotMatching');
	return { pem, tls: { cert: pem, key, ...(passphrase && { passphrase }) } };
}

/** The certificate authorities to trust, if the credential adds one. */
export function readCa(text: string): string[] | undefined {
	if (!text) return undefined;
	const certificates = pemBlocks(normalizePem(text) ?? '', CERTIFICATE);
	const areReadable = certificates.length > 0 && certificates.every(parseCertificate);
	if (!areReadable) throw unusable('caUnreadable');
	// Node trusts only the given authorities, so the default ones have to be in the list.
	return [...defaultAuthorities(), ...certificates];
}

/** Includes those of NODE_EXTRA_CA_CERTS if Node can list them (22.15 and later). */
function defaultAuthorities(): readonly string[] {
	const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
	return getCACertificates?.('default') ?? tls.rootCertificates;
}

/** Drops everything else: a bundle may hold the private key, which must never go into a header. */
function certificatesOf(text: string): string | undefined {
	const pem = normalizePem(text);
	if (!pem?.includes('PRIVATE KEY')) return pem;
	return pemBlocks(pem, CERTIFICATE).join('') || undefined;
}

/**
 * Sorts a chain: the client's own certificate first, then the one that issued it, and so on. TLS
 * requires this order, and some tools write the opposite one.
 */
function leafFirst(pem: string): string {
	const chain = pemBlocks(pem, CERTIFICATE).flatMap((block) => {
		const certificate = parseCertificate(block);
		return certificate ? [{ block, certificate }] : [];
	});
	const isIssuer = (each: X509Certificate) =>
		chain.some(({ certificate }) => certificate !== each && certificate.checkIssued(each));
	const leaf = chain.find(({ certificate }) => !isIssuer(certificate));
	if (!leaf || leaf === chain[0]) return pem;
	const sorted: typeof chain = [];
	for (let next: typeof leaf | undefined = leaf; next;) {
		const last: typeof leaf = next;
		sorted.push(last);
		const left = chain.filter((each) => !sorted.includes(each));
		const issuer = left.find(({ certificate }) => last.certificate.checkIssued(certificate));
		next = issuer ?? left[0];
	}
	return sorted.map(({ block }) => block).join('');
}

function parseCertificate(pem: string): X509Certificate | undefined {
	try {
		return new X509Certificate(pem);
	} catch {
		return undefined;
	}
}

function parseKey(key: string, passphrase: string): KeyObject {
	try {
		return createPrivateKey({ key, passphrase });
	} catch {
		throw unusable(/ENCRYPTED/.test(key) ? 'passphraseWrong' : 'keyUnreadable');
	}
}

function unusable(kind: CertificateProblem): ClientError {
	return new ClientError({ kind: 'credential', problem: kind });
}
