import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal';

export interface OAuthClient {
	id: string;
	secret: string;
}

interface Token {
	expiresAt: number;
	boundToCertificate: boolean;
}

/** Issues bearer tokens (RFC 6749, client credentials) and knows which of them are still good. */
export class TokenIssuer {
	private readonly tokens = new Map<string, Token>();

	constructor(
		private readonly client: OAuthClient,
		private readonly expiresInSeconds: number,
		private readonly now: () => number,
	) {}

	/**
	 * The answer's body, or a refusal. `checkCertificate` is called where the client proves itself by
	 * its certificate alone (RFC 8705); such a token is worth nothing without that certificate.
	 */
	issue(form: URLSearchParams, checkCertificate: () => void): object {
		if (form.get('grant_type') !== 'client_credentials') {
			throw oauthRefusal(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
		}
		const secret = form.get('client_secret');
		const isWrong = secret !== null && secret !== this.client.secret;
		if (form.get('client_id') !== this.client.id || isWrong) {
			throw oauthRefusal(401, 'invalid_client', 'Client authentication failed');
		}
		if (secret === null) checkCertificate();
		const token = newToken();
		this.tokens.set(token, {
			expiresAt: this.now() + this.expiresInSeconds * 1000,
			boundToCertificate: secret === null,
		});
		return { access_token: token, token_type: 'Bearer', expires_in: this.expiresInSeconds };
	}

	stateOf(token: string): 'valid' | 'expired' | 'unknown' {
		const known = this.tokens.get(token);
		if (!known) return 'unknown';
		return this.now() < known.expiresAt ? 'valid' : 'expired';
	}

	isBoundToCertificate(token: string): boolean {
		return this.tokens.get(token)?.boundToCertificate ?? false;
	}

	expireAll(): void {
		for (const token of this.tokens.values()) token.expiresAt = -Infinity;
	}
}

export function parseTokenForm(contentType: string | undefined, body: string): URLSearchParams {
	if (!/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) {
		throw oauthRefusal(400, 'invalid_request', 'Body must be application/x-www-form-urlencoded');
	}
	return new URLSearchParams(body);
}

function oauthRefusal(status: number, error: string, description: string): Refusal {
	return new Refusal(status, description, false, { error, error_description: description });
}

/** Looks like a JWT, as the real ones do, so that a test can search for `eyJ` in what must not leak. */
function newToken(): string {
	const parts = [{ alg: 'RS256', typ: 'JWT' }, { jti: randomUUID() }, { signature: randomUUID() }];
	return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}
