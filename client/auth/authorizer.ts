import { z } from 'zod';
import type { HttpResponse, Sender } from '../http/sender';
import { ClientError, detailsOf, type Failure } from '../model/failures';
import { parseJson } from '../response/json';
import { redactor } from '../response/redaction';
import { failureOfResponse } from '../response/responseFailure';
import type { Clock } from '../timing/clock';
import { Watchdog } from '../timing/watchdog';
import type { Credentials, Identity } from './credentials';

/** A token is renewed so long before it runs out: the documented client's figure. */
const RENEW_BEFORE_MS = 60_000;

/** If the response does not say how long a token lives, in seconds: the documented `expires_in`. */
const DEFAULT_LIFETIME_S = 3600;

/**
 * How long a new token is left alone if the one before was never accepted: the clock of the server
 * that issued it may be a little ahead, and then it is not valid yet.
 */
export const TOKEN_SETTLES_MS = 2_000;

const tokenSchema = z.object({
	access_token: z.string().regex(/^[\x21-\x7e]+$/),
	expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});

export interface Token {
	readonly value: string;
	/** Milliseconds of the clock that only goes forward. */
	readonly renewAt: number;
	readonly usableAt: number;
	/** A request with it was let in: a later refusal then means that it ran out. */
	wasAccepted: boolean;
}

/** The headers of a request, and the token that they carry; none for an API key. */
export interface Authorization {
	headers: Record<string, string>;
	token?: Token;
}

/** The header that carries the client certificate, on the token request and on every API call. */
function certificateHeader({ clientCertificate }: Credentials): Record<string, string> {
	return clientCertificate ? { 'x-client-cert': clientCertificate } : {};
}

/** The headers that sign a request. */
export function signedHeaders(credentials: Credentials, bearer: string): Record<string, string> {
	return { authorization: `Bearer ${bearer}`, ...certificateHeader(credentials) };
}

export interface AuthorizerContext {
	sender: Sender;
	clock: Clock;
	/** The run's: one request that is given up must not take the token from the others. */
	signal: AbortSignal;
	timeoutMs: number;
}

/**
 * Signs the requests of one run. A token is fetched once, however many requests wait for it, and is
 * kept no longer than the run.
 */
export class Authorizer {
	/** All tokens of the run, because a server may quote them. */
	readonly tokens: string[] = [];
	private token: Token | undefined;
	private pending: Promise<Token> | undefined;
	private wasRefused = false;

	constructor(
		private readonly credentials: Credentials,
		private readonly context: AuthorizerContext,
	) {}

	/**
	 * @throws ClientError if no token is given; the signal's reason when that was aborted
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

	/** A token that was refused is not used again; another request may have got a new one already. */
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
		// A token that lives no longer than that is used for half of its life.
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

/** What a refusal means if it is about no file. */
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
