import { z } from 'zod';
import { failureOfAnswer } from '../response/answerFailure';
import type { Clock } from '../timing/clock';
import type { Credentials, Identity } from './credentials';
import { ClientError, type FailureKind } from '../model/failures';
import { parseJson } from '../response/json';
import type { Transport } from '../http/transport';
import { Watchdog } from '../timing/watchdog';

/** A token is renewed so long before it runs out, in milliseconds: the documented client's figure. */
const RENEW_BEFORE_MS = 60_000;

/** Where the answer does not say how long a token lives, in seconds: the documented `expires_in`. */
const DEFAULT_LIFETIME_S = 3600;

/** What answers mean that are about no file. */
const OF_A_TOKEN: Partial<Record<FailureKind, FailureKind>> = {
	unauthorized: 'tokenRefused',
	fileRefused: 'tokenRefused',
	fileTooLarge: 'rejected',
};

const tokenSchema = z.object({
	access_token: z.string().regex(/^[\x21-\x7e]+$/),
	expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});

export interface Token {
	readonly value: string;
	/** Milliseconds since 1970. */
	readonly renewAt: number;
	/** Whether a request with it was let in: a later refusal then means that it ran out. */
	wasAccepted: boolean;
}

/** The header that carries the client certificate, on the token request and on every API call. */
export function certificateHeader({ clientCertificate }: Credentials): Record<string, string> {
	return clientCertificate ? { 'x-client-cert': clientCertificate } : {};
}

/** The headers that sign a request. */
export function signedHeaders(credentials: Credentials, bearer: string): Record<string, string> {
	return { authorization: `Bearer ${bearer}`, ...certificateHeader(credentials) };
}

/**
 * Asks for an access token.
 *
 * @throws ClientError where none is given; the signal's reason when that was aborted
 */
export async function fetchToken(
	identity: Extract<Identity, { kind: 'oAuth2' }>,
	credentials: Credentials,
	transport: Transport,
	clock: Clock,
	signal: AbortSignal,
): Promise<Token> {
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: identity.clientId,
	});
	if (identity.clientSecret) form.set('client_secret', identity.clientSecret);
	const answer = await transport.send({
		method: 'POST',
		url: `${credentials.baseUrl}/v1/oauth/token`,
		headers: {
			'content-type': 'application/x-www-form-urlencoded',
			accept: 'application/json',
			...certificateHeader(credentials),
		},
		body: form.toString(),
		signal,
	});
	const failure = failureOfAnswer(answer, clock.now());
	if (failure) {
		throw new ClientError({ ...failure, kind: OF_A_TOKEN[failure.kind] ?? failure.kind });
	}
	const token = tokenSchema.safeParse(parseJson(answer.text));
	if (!token.success) throw new ClientError({ kind: 'unreadableAnswer', detail: 'token' });
	const lifetime = token.data.expires_in * 1_000;
	return {
		value: token.data.access_token,
		// A token that lives no longer than that is used for half of its life.
		renewAt: clock.now() + (lifetime > RENEW_BEFORE_MS ? lifetime - RENEW_BEFORE_MS : lifetime / 2),
		wasAccepted: false,
	};
}

/**
 * Signs the requests of one run. A token is fetched once, however many requests wait for it, and
 * is kept no longer than the run.
 */
export class Authorizer {
	/** All tokens that came to be, because a server may quote them. */
	readonly secrets: string[] = [];
	private token: Token | undefined;
	private pending: Promise<Token> | undefined;

	constructor(
		private readonly credentials: Credentials,
		private readonly transport: Transport,
		private readonly clock: Clock,
		/** The run's: one request that is given up must not take the token from the others. */
		private readonly signal: AbortSignal,
		private readonly timeoutMs: number,
	) {}

	/**
	 * @returns the headers, and the token that they carry; none for an API key
	 * @throws ClientError where no token is given; the signal's reason when that was aborted
	 */
	async authorize(): Promise<{ headers: Record<string, string>; token?: Token }> {
		const { identity } = this.credentials;
		if (identity.kind === 'apiKey') {
			return { headers: signedHeaders(this.credentials, identity.apiKey) };
		}
		if (this.token && this.clock.now() >= this.token.renewAt) this.token = undefined;
		const token = this.token ?? (await this.renew(identity));
		return { headers: signedHeaders(this.credentials, token.value), token };
	}

	/** A token that was refused is not used again; another request may have got a new one already. */
	refuse(token: Token): void {
		if (this.token === token) this.token = undefined;
	}

	private async renew(identity: Extract<Identity, { kind: 'oAuth2' }>): Promise<Token> {
		this.pending ??= this.fetch(identity).finally(() => (this.pending = undefined));
		return await this.pending;
	}

	private async fetch(identity: Extract<Identity, { kind: 'oAuth2' }>): Promise<Token> {
		const watchdog = new Watchdog(this.signal, this.timeoutMs, tokenTimeout);
		try {
			const { credentials, transport, clock } = this;
			this.token = await fetchToken(identity, credentials, transport, clock, watchdog.signal);
			this.secrets.push(this.token.value);
			return this.token;
		} finally {
			watchdog.dispose();
		}
	}
}

function tokenTimeout(): ClientError {
	return new ClientError({ kind: 'timeout', detail: 'token' });
}
