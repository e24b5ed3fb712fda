import { z } from 'zod';
import type { HttpResponse, Sender } from '../http/sender';
import { ClientError, detailsOf, type Failure } from '../model/failures';
import { parseJson } from '../response/json';
import { redactor } from '../response/redaction';
import { failureOfResponse } from '../response/responseFailure';
import type { Clock } from '../timing/clock';
import { Watchdog } from '../timing/watchdog';
import type { Credentials, Identity } from './credentials';

/** How long before its expiry a token is renewed: the figure of BitMind's documented client. */
const RENEW_BEFORE_MS = 60_000;

/** Used if the response doesn't name a token's lifetime: the documented `expires_in`. */
const DEFAULT_LIFETIME_S = 3600;

/**
 * How long to wait before using a new token if the previous one was never accepted: it may not be valid
 * yet, because the token server's clock may be slightly ahead.
 */
export const TOKEN_SETTLES_MS = 2_000;

const tokenSchema = z.object({
	access_token: z.string().regex(/^[\x21-\x7e]+$/),
	expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});

export interface Token {
	readonly value: string;
	/** Milliseconds of the monotonic clock. */
	readonly renewAt: number;
	readonly usableAt: number;
	/** A request with this token was accepted, so a later refusal means that it has expired. */
	wasAccepted: boolean;
}

/** The headers of a request, and the token in them; no token for an API key. */
export interface Authorization {
	headers: Record<string, string>;
	token?: Token;
}

/** The header with the client certificate, for the token request and every API request. */
function certificateHeader({ clientCertificate }: Credentials): Record<string, string> {
	return clientCertificate ? { 'x-client-cert': clientCertificate } : {};
}

/** The headers that sign a request. */
export function signedHeaders(credentials: Credentials, bearer: string): Record<string, string> {
	return { authorization: `Bearer ${bearer}`, ...certificateHeader(credentials) };
}

interface AuthorizerContext {
	sender: Sender;
	clock: Clock;
	/** The run's signal: aborting a single request must not abort the token request of the others. */
	signal: AbortSignal;
	timeoutMs: number;
}

/**
 * Signs the requests of one run. A token is fetched once, even if many requests wait for it, and is
 * never kept after the run.
 */
export class Authorizer {
	/** All tokens of the run, to redact them if a server quotes one. */
	readonly tokens: string[] = [];
	private token: Token | undefined;
	private pending: Promise<Token> | undefined;
	private wasRefused = false;

	constructor(
		private readonly credentials: Credentials,
		private readonly context: AuthorizerContext,
	) {}

	/**
	 * @throws ClientError if the token request fails; the signal's reason if it is aborted
	 */
	async authorize(): Promise<Authorization> {
		const { identity } = this.credentials;
		if (identity.kind === 'apiKey') {
			return { headers: signedHeaders(this.credentials, identity.apiKey) };
		}
		const { clock, signal } = this.context;
		if (this.token && clock.elapsed() >= this.token.renewAt) this.token = undefined;
		const token = this.token ?? (await this.renew(identity));
		const wait = token.usableAt - clock.elapsed();
		if (wait > 0) await clock.sleep(wait, signal);
		return { headers: signedHeaders(this.credentials, token.value), token };
	}

	/** Stops using a token that was refused, unless another request has renewed it already. */
	refuse(token: Token): void {
		if (this.token !== token) return;
		this.token = undefined;
		this.wasRefused = !token.wasAccepted;
	}

	private async renew(identity: Extract<Identity, { kind: 'oAuth2' }>): Promise<Token> {
		this.pending ??= this.fetch(identity).finally(() => (this.pending = undefined));
		return await this.pending;
	}

	private async fetch(identity: Extract<Identity, { kind: 'oAuth2' }>): Promise<Token> {
		const { sender, signal, timeoutMs } = this.context;
		const watchdog = new Watchdog(signal, timeoutMs, () => timeout(sender));
		try {
			const response = await sender.send({
				method: 'POST',
				path: '/v1/oauth/token',
				headers: {
					'content-type': 'application/x-www-form-urlencoded',
					accept: 'application/json',
					...certificateHeader(this.credentials),
				},
				body: tokenForm(identity),
				signal: watchdog.signal,
			});
			this.token = this.readToken(response);
			this.tokens.push(this.token.value);
			return this.token;
		} finally {
			watchdog.dispose();
		}
	}

	private readToken(response: HttpResponse): Token {
		const { clock } = this.context;
		const redact = redactor(this.credentials.secrets);
		const failure = failureOfResponse(response, clock.now(), redact);
		if (failure) throw new ClientError(ofToken(failure));
		const token = tokenSchema.safeParse(parseJson(response.text));
		if (!token.success) throw new ClientError({ kind: 'unreadableResponse', request: 'token' });
		const lifetime = token.data.expires_in * 1_000;
		const now = clock.elapsed();
		// A token with a very short lifetime is used for half of it.
		const useFor = lifetime > RENEW_BEFORE_MS ? lifetime - RENEW_BEFORE_MS : lifetime / 2;
		return {
			value: token.data.access_token,
			renewAt: now + useFor,
			usableAt: this.wasRefused ? now + TOKEN_SETTLES_MS : now,
			wasAccepted: false,
		};
	}
}

function tokenForm({ clientId, clientSecret }: Extract<Identity, { kind: 'oAuth2' }>): string {
	return new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: clientId,
		...(clientSecret && { client_secret: clientSecret }),
	}).toString();
}

/** Translates a failure of the token request, which sends no file. */
function ofToken(failure: Failure): Failure {
	switch (failure.kind) {
		case 'unauthorized':
		case 'refused':
			return { kind: 'tokenRefused', ...detailsOf(failure) };
		case 'tooLarge':
			return { kind: 'rejected', ...detailsOf(failure) };
		default:
			return failure;
	}
}

function timeout({ route }: Sender): ClientError {
	return new ClientError({ kind: 'timeout', phase: 'token', ...route });
}
