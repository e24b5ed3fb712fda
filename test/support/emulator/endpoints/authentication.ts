import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ClientCertificateCheck } from './clientCertificate';
import type { TokenIssuer } from './oauth';
import type { AuthorizationKind } from '../http/recordedRequest';
import { Refusal } from './refusal';

const REASONS: Partial<Record<AuthorizationKind, string>> = {
	none: 'API key is required',
	expiredToken: 'Token has expired',
	unknown: 'Invalid authentication credentials',
};
const BEARER = /^Bearer (\S+)$/;

export class Authentication {
	constructor(
		private readonly apiKey: string,
		private readonly tokens: TokenIssuer,
		private readonly certificates: ClientCertificateCheck,
	) {}

	/** Refuses a wrong Authorization header with a 401, and a wrong certificate with a 403. */
	check(request: IncomingMessage): void {
		const reason = REASONS[this.kindOf(request)];
		if (reason !== undefined) throw new Refusal(401, reason);
		this.certificates.check(request);
		if (this.tokens.isBoundToCertificate(bearerOf(request) ?? '')) {
			this.certificates.checkHeader(request);
		}
	}

	kindOf(request: IncomingMessage): AuthorizationKind {
		if (request.headers.authorization === undefined) return 'none';
		const bearer = bearerOf(request);
		if (bearer === undefined) return 'unknown';
		if (bearer === this.apiKey) return 'apiKey';
		const state = this.tokens.stateOf(bearer);
		if (state === 'unknown') return 'unknown';
		return state === 'valid' ? 'token' : 'expiredToken';
	}

	/** Also for an expired token. */
	tokenClientOf(request: IncomingMessage): string | undefined {
		return this.tokens.clientOf(bearerOf(request) ?? '');
	}
}

export function hashOfAuthorization(request: IncomingMessage): string | undefined {
	const { authorization } = request.headers;
	return authorization && createHash('sha256').update(authorization).digest('hex');
}

function bearerOf(request: IncomingMessage): string | undefined {
	return BEARER.exec(request.headers.authorization ?? '')?.[1];
}
