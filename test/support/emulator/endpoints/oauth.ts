import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal';

export interface OAuthClient {
	id: string;
	secret: string;
}

interface Token {
	clientId: string;
	validFrom: number;
	expiresAt: number;
	boundToCertificate: boolean;
}

/** Issues bearer tokens (RFC 6749, client credentials), and knows which of them are still valid. */
export class TokenIssuer {
	private readonly tokens = new Map<string, Token>();

	constructor(
		/** Its certificate is the registered one. */
		private readonly client: OAuthClient,
		/** Has only a secret. */
		private readonly otherClient: OAuthClient,
		private readonly lifetime: { validAfterMs: number; expiresInSeconds: number },
		private readonly now: () => number,
	) {}

	/**
	 * Returns the body of the response, or throws a refusal. Without a secret, the client must present its
	 * certificate (RFC 8705): `checkCertificate` is called, and the token is useless without the certificate.
	 */
	issue(form: URLSearchParams, checkCertificate: () => void): object {
		if (form.get('grant_type') !== 'client_credentials') {
			throw oauthRefusal(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
		}
		const client = this.authenticated(form);
		if (!client) throw oauthRefusal(401, 'invalid_client', 'Client authentication failed');
		const boundToCertificate = !form.has('client_secret');
		if (boundToCertificate) checkCertificate();
		const token = newToken();
		this.tokens.set(token, {
			clientId: client.id,
			validFrom: this.now() + this.lifetime.validAfterMs,
			expiresAt: this.now() + this.lifetime.expiresInSeconds * 1000,
			boundToCertificate,
		});
		return {
			access_token: token,
			token_type: 'Bearer',
			expires_in: this.lifetime.expiresInSeconds,
		};
	}

	stateOf(token: string): 'valid' | 'expired' | 'unknown' {
		const known = this.tokens.get(token);
		if (!known || this.now() < known.validFrom) return 'unknown';
		return this.now() < known.expiresAt ? 'valid' : 'expired';
	}

	/** The ID of the client that it was issued to. */
	clientOf(token: string): string | undefined {
		return this.tokens.get(token)?.clientId;
	}

	isBoundToCertificate(token: string): boolean {
		return this.tokens.get(token)?.boundToCertificate ?? false;
	}

	expireAll(): void {
		for (const token of this.tokens.values()) token.expiresAt = -Infinity;
	}

	/** If the secret is missing, the certificate must still be checked. */
	private authenticated(form: URLSearchParams): OAuthClient | undefined {
		const [id, secret] = [form.get('client_id'), form.get('client_secret')];
		const { client, otherClient } = this;
		if (id === client.id && (secret ?? client.secret) === client.secret) return client;
		return id === otherClient.id && secret === otherClient.secret ? otherClient : undefined;
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

/** Looks like a JWT, as real tokens do, so that a test can search texts for `eyJ`. */
function newToken(): string {
	const parts = [{ alg: 'RS256', typ: 'JWT' }, { jti: randomUUID() }, { signature: randomUUID() }];
	return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}
