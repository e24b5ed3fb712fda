import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { Refusal } from './refusal';

/**
 * Where each authenticated request must present the client certificate. `optional` asks for one in the
 * handshake, but continues without it.
 */
export type CertificateDemand = 'none' | 'optional' | 'header' | 'handshake' | 'both';

/** '-----BEGIN' in base64. */
const BASE64_PEM_START = 'LS0tLS1CRUdJTi';

export function asksInHandshake(demand: CertificateDemand): boolean {
	return demand === 'optional' || demand === 'handshake' || demand === 'both';
}

export class ClientCertificateCheck {
	private readonly registered: X509Certificate;

	constructor(
		registeredPem: string,
		private readonly demand: CertificateDemand,
	) {
		this.registered = new X509Certificate(registeredPem);
	}

	/** A header that is sent must be correct, even if none is required. */
	check(request: IncomingMessage): void {
		if (this.demand === 'header' || this.demand === 'both') this.checkHeader(request);
		else if (request.headers['x-client-cert'] !== undefined) this.checkHeader(request);
		if (this.demand === 'handshake' || this.demand === 'both') this.checkHandshake(request);
	}

	checkHeader(request: IncomingMessage): void {
		const header = request.headers['x-client-cert'];
		if (typeof header !== 'string' || header === '') {
			throw new Refusal(403, 'X-Client-Cert header is required');
		}
		if (!this.registered.raw.equals(certificateIn(header).raw)) {
			throw new Refusal(403, 'Client certificate is not registered');
		}
	}

	presentedBy(request: IncomingMessage): 'none' | 'registered' | 'other' {
		const certificate = peerCertificateOf(request);
		if (!certificate) return 'none';
		return this.registered.raw.equals(certificate.raw) ? 'registered' : 'other';
	}

	private checkHandshake(request: IncomingMessage): void {
		if (this.presentedBy(request) === 'none') {
			throw new Refusal(403, 'No required SSL certificate was sent');
		}
		const isTrusted = (request.socket as TLSSocket).authorized;
		if (!isTrusted || this.presentedBy(request) === 'other') {
			throw new Refusal(403, 'The SSL certificate error');
		}
	}
}

function certificateIn(header: string): X509Certificate {
	const isBase64 = header.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(header);
	if (!isBase64 || !header.startsWith(BASE64_PEM_START)) {
		throw new Refusal(403, 'X-Client-Cert must be base64 of a PEM certificate');
	}
	const pem = Buffer.from(header, 'base64').toString();
	if (pem.includes('PRIVATE KEY')) {
		throw new Refusal(403, 'X-Client-Cert must not contain a private key');
	}
	try {
		// If it is a chain, this reads the first certificate, which is the client's own.
		return new X509Certificate(pem);
	} catch {
		throw new Refusal(403, 'X-Client-Cert is not a readable certificate');
	}
}

function peerCertificateOf(request: IncomingMessage): X509Certificate | undefined {
	return request.socket instanceof TLSSocket ? request.socket.getPeerX509Certificate() : undefined;
}
