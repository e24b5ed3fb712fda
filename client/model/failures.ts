import type { CredentialProblem } from './credentialProblem';

/** What may be known about any failure besides its kind. */
export interface FailureDetails {
	/** HTTP status, if there was a response. */
	status?: number;
	/** The server's own words, shortened, without markup and secrets. */
	serverMessage?: string;
	requestId?: string;
	/** When the server said that a retry may come, in milliseconds since 1970. */
	retryAt?: number;
	/** Attempts made for the request. */
	attempts?: number;
	/** Requests that were successful earlier in the run, so address and credential were right. */
	answeredBefore?: number;
	/** The run sent nothing more because of it. */
	endedRun?: true;
}

/** What a request was for. */
type RequestPurpose = 'batch' | 'token' | 'status';

/** Why a response has no verdict on a file that can be trusted. */
export type NoVerdictReason =
	/** The response has no entry for the file. */
	| 'missing'
	/** Its entries for the file contradict each other. */
	| 'contradictory'
	/** Its entry holds no verdict. */
	| 'incomplete'
	/** The response counts the files from one, so every verdict would go to the wrong file. */
	| 'shifted';

export type TlsProblem =
	/** The server's certificate comes from an authority that is not trusted. */
	| 'untrusted'
	| 'expired'
	| 'notYetValid'
	/** It was made for another host name. */
	| 'otherName'
	/** The server ended the handshake: it wants a client certificate, or a different one. */
	| 'refused'
	| 'other';

export type ProxyProblem =
	/** HTTPS_PROXY or another proxy variable doesn't hold an address. */
	| 'badAddress'
	| 'unsupportedScheme'
	/** The address begins with https://, but the proxy doesn't speak TLS. */
	| 'noTls'
	/** The proxy's own certificate is not trusted. */
	| 'certificate'
	/** Its name can't be resolved, it refuses connections, or it doesn't respond. */
	| 'unreachable'
	/** It responded to the request for a tunnel with an error status. */
	| 'refused';

/**
 * Why a file has no verdict. Each kind is declared here once, with its fields. The caller turns it
 * into a message.
 */
export type Failure = FailureDetails &
	(
		| FileFailure
		| ResponseFailure
		| NetworkFailure
		/** The stored credential can't be used as it is. */
		| { kind: 'credential'; problem: CredentialProblem }
		/** Not sent, because the run had ended before its turn. */
		| { kind: 'notSent' }
	);

type FileFailure =
	/**
	 * The server refused this file: with a 400 or 422 when it was sent alone, or with an error in its
	 * entry. `nothingAccepted`: no file of the run had been accepted yet, so the cause may be elsewhere.
	 */
	| { kind: 'fileRefused'; nothingAccepted?: true }
	/** The server refused every request of the run; the file itself may be fine. */
	| { kind: 'everythingRefused' }
	/** 413 when the file was sent alone. */
	| { kind: 'fileTooLarge' }
	/** The file's length differs from the length that was announced. */
	| { kind: 'fileChanged' }
	/** The file can no longer be read. `hasStalled`: its storage doesn't respond. */
	| { kind: 'fileUnreadable'; hasStalled?: true }
	/** Two responses had no usable entry for this file. `others`: they had some for other files. */
	| { kind: 'noVerdict'; reason: NoVerdictReason; others: boolean };

type ResponseFailure =
	/** A 400 or 422 for a request that sent no file. */
	| { kind: 'refused' }
	/** A 413 for a request that sent no file. */
	| { kind: 'tooLarge' }
	/** A successful response that is not what the API documents. */
	| { kind: 'unreadableResponse'; request: RequestPurpose }
	/** 401. `looksStandard`: the API key looks like a key for BitMind's standard API. */
	| { kind: 'unauthorized'; looksStandard?: true }
	/** The token request was refused. */
	| { kind: 'tokenRefused' }
	/** 403. */
	| { kind: 'forbidden' }
	/** 404, a redirect, a web page, or no TLS: not the API's address. */
	| { kind: 'wrongAddress'; found: 'notFound' | 'redirect' | 'webPage' | 'noTls' }
	/** 404 or 405 for the batch path, although the API is at this address. */
	| { kind: 'noBatches' }
	/** Another status that a retry wouldn't change. */
	| { kind: 'rejected' }
	/** 429, or a 503 that means a rate limit. */
	| { kind: 'rateLimited' }
	/** 408, 425, 5xx. */
	| { kind: 'unavailable' };

type NetworkFailure =
	/** The host program doesn't allow requests to this address. `reason` is its own message. */
	| { kind: 'egressRefused'; host: string; reason: string }
	| { kind: 'unreachable'; host: string; code: string }
	| { kind: 'connectionLost'; code: string }
	/** No progress within the timeout while connecting, sending, or waiting for the response. */
	| {
			kind: 'timeout';
			phase: 'connect' | 'token' | 'upload' | 'response';
			host?: string;
			proxy?: string;
	  }
	| { kind: 'tls'; problem: TlsProblem; host: string; code: string }
	/** `proxy`: the proxy's host and port. */
	| { kind: 'proxy'; problem: ProxyProblem; proxy?: string; code?: string };

export type FailureKind = Failure['kind'];

/** A failure of one kind. */
export type FailureOf<Kind extends FailureKind> = Extract<Failure, { kind: Kind }>;

/** The details of a failure, to be carried over to a failure of another kind. */
export function detailsOf(failure: Failure): FailureDetails {
	const { status, serverMessage, requestId, retryAt, attempts, answeredBefore, endedRun } = failure;
	const details = { status, serverMessage, requestId, retryAt, attempts, answeredBefore, endedRun };
	const known = Object.entries(details).filter(([, value]) => value !== undefined);
	return Object.fromEntries(known);
}

/** Carries a failure to the place that turns it into an outcome. */
export class ClientError extends Error {
	constructor(readonly failure: Failure) {
		super(failure.kind);
	}
}

export function failureOf(error: unknown): Failure | undefined {
	return error instanceof ClientError ? error.failure : undefined;
}
