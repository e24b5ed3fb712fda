import type { CredentialProblem } from './credentialProblem';

/** What is known of any failure beside its kind. */
export interface FailureDetails {
	/** HTTP status, if there was a response. */
	status?: number;
	/** The server's own words, shortened, without markup and secrets. */
	serverMessage?: string;
	requestId?: string;
	/** When the server said that it can be asked again, in milliseconds since 1970. */
	retryAt?: number;
	/** Attempts made for the request. */
	attempts?: number;
	/** Requests of the run that the API had answered before: it was there, and it took the credential. */
	answeredBefore?: number;
	/** Nothing more was sent because of it. */
	endedRun?: true;
}

/** What a request was for. */
export type RequestPurpose = 'batch' | 'token' | 'status';

/** Why an entry of a response holds no verdict that can be trusted. */
export type NoVerdictReason =
	/** The response has no entry for the file. */
	| 'missing'
	/** Its entries for the file contradict each other. */
	| 'contradictory'
	/** Its entry lacks a verdict. */
	| 'incomplete'
	/** It counts the files from one, so every verdict would be that of the file before. */
	| 'shifted';

export type TlsProblem =
	/** The server's certificate comes from an authority that is not trusted. */
	| 'untrusted'
	| 'expired'
	| 'notYetValid'
	/** It was made for another host name. */
	| 'otherName'
	/** The server ended the handshake: it wants a client certificate, or another one. */
	| 'refused'
	| 'other';

export type ProxyProblem =
	/** HTTPS_PROXY or another variable holds no address. */
	| 'badAddress'
	| 'unsupportedScheme'
	/** The address begins with https://, and the proxy speaks no TLS. */
	| 'noTls'
	/** Its own certificate is not accepted. */
	| 'certificate'
	/** Its name can't be resolved, or it refuses connections, or it does not respond. */
	| 'unreachable'
	/** It answered the request for a tunnel with a status. */
	| 'refused';

/**
 * Why a file has no verdict. Each kind is declared here once, with what it knows; messages are made
 * of it elsewhere, in one place.
 */
export type Failure = FailureDetails &
	(
		| FileFailure
		| ResponseFailure
		| NetworkFailure
		/** What was stored as a credential can't be used as it is. */
		| { kind: 'credential'; problem: CredentialProblem }
		/** Not sent, because the run had come to an end before. */
		| { kind: 'notSent' }
	);

type FileFailure =
	/**
	 * The server refused this very file: 400 or 422 for it alone, or an entry with an error.
	 * `nothingAccepted`: and no other file of the run before it, so that the reason may lie elsewhere.
	 */
	| { kind: 'fileRefused'; nothingAccepted?: true }
	/** The server refused every request that was tried; the file may be in order. */
	| { kind: 'everythingRefused' }
	/** 413 for this file alone. */
	| { kind: 'fileTooLarge' }
	/** The file's length differs from the one announced. */
	| { kind: 'fileChanged' }
	/** The file can't be read any more, or its storage does not answer. */
	| { kind: 'fileUnreadable'; hasStalled?: true }
	/** Responses held no usable entry for this file, twice. `others`: they did for other files. */
	| { kind: 'noVerdict'; reason: NoVerdictReason; others: boolean };

type ResponseFailure =
	/** A 400 or 422 that is about no file. */
	| { kind: 'refused' }
	/** A 413 that is about no file. */
	| { kind: 'tooLarge' }
	/** A successful response that is not what the API documents. */
	| { kind: 'unreadableResponse'; request: RequestPurpose }
	/** 401. `looksStandard`: the API key looks like one for BitMind's other API. */
	| { kind: 'unauthorized'; looksStandard?: true }
	/** The token request was refused. */
	| { kind: 'tokenRefused' }
	/** 403. */
	| { kind: 'forbidden' }
	/** 404, a redirect, a web page, or no TLS: not the API's address. */
	| { kind: 'wrongAddress'; found: 'notFound' | 'redirect' | 'webPage' | 'noTls' }
	/** 404 or 405 for batches at an address that is the API's. */
	| { kind: 'noBatches' }
	/** Another status that repeating would not change. */
	| { kind: 'rejected' }
	/** 429, or a 503 that means the same. */
	| { kind: 'rateLimited' }
	/** 408, 425, 5xx. */
	| { kind: 'unavailable' };

type NetworkFailure =
	/** The host of this client lets no request go there: `reason` is in its own words. */
	| { kind: 'egressRefused'; host: string; reason: string }
	| { kind: 'unreachable'; host: string; code: string }
	| { kind: 'connectionLost'; code: string }
	/** Nothing moved for as long as the timeout: while connecting, sending, or waiting for the response. */
	| {
			kind: 'timeout';
			phase: 'connect' | 'token' | 'upload' | 'answer';
			host?: string;
			proxy?: string;
	  }
	| { kind: 'tls'; problem: TlsProblem; host: string; code: string }
	/** `proxy`: its host and port. */
	| { kind: 'proxy'; problem: ProxyProblem; proxy?: string; code?: string };

export type FailureKind = Failure['kind'];

/** A failure of one kind. */
export type FailureOf<Kind extends FailureKind> = Extract<Failure, { kind: Kind }>;

/** What is known of a failure beside its kind, for one of another kind. */
export function detailsOf(failure: Failure): FailureDetails {
	const { status, serverMessage, requestId, retryAt, attempts, answeredBefore, endedRun } = failure;
	const details = { status, serverMessage, requestId, retryAt, attempts, answeredBefore, endedRun };
	const known = Object.entries(details).filter(([, value]) => value !== undefined);
	return Object.fromEntries(known);
}

/** A failure on its way to becoming a value. Never leaves the client. */
export class ClientError extends Error {
	constructor(readonly failure: Failure) {
		super(failure.kind);
	}
}

export function failureOf(error: unknown): Failure | undefined {
	return error instanceof ClientError ? error.failure : undefined;
}
