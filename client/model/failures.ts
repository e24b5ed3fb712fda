/**
 * Why a file has no verdict. Each kind is declared here once, with what it knows; words for people
 * are made of it elsewhere, in one place.
 */
export type FailureKind =
	/** The server refused this very file (400 or 422 for it alone, or an entry with an error). */
	| 'fileRefused'
	/** The server refused every request that was tried; the file may be in order. */
	| 'everythingRefused'
	/** 413 for this file alone. */
	| 'fileTooLarge'
	/** The file's length differs from the one announced, or it can't be read any more. */
	| 'fileChanged'
	| 'fileUnreadable'
	/** Answers held no usable entry for this file, twice. */
	| 'noVerdict'
	/** Answers were not what the API documents, twice. */
	| 'unreadableAnswer'
	/** 401. */
	| 'unauthorized'
	/** The token request was refused. */
	| 'tokenRefused'
	/** 403. */
	| 'forbidden'
	/** 404, a redirect, or a web page in place of an answer: not the API's address. */
	| 'wrongAddress'
	/** Another status that repeating would not change. */
	| 'rejected'
	/** 429, or a `Retry-After` that is too far away to wait for. */
	| 'rateLimited'
	/** 408, 5xx. */
	| 'unavailable'
	| 'unreachable'
	| 'connectionLost'
	| 'timeout'
	/** The TLS handshake ended without trust, in either direction. */
	| 'tls'
	| 'proxy'
	/** What was stored as a credential can't be used as it is. */
	| 'credential'
	/** Not sent, because the run had come to an end before. */
	| 'notSent';

/** Detail of a refusal: no other file of the run had been accepted before. */
export const NOTHING_ACCEPTED = 'nothingAccepted';

export interface Failure {
	kind: FailureKind;
	/** HTTP status, where there was one. */
	status?: number;
	/** The server's own words, shortened, without markup and secrets. */
	serverMessage?: string;
	requestId?: string;
	/** More about the kind: a host name, a network code, which entry was unusable. */
	detail?: string;
	/** When the server said that it can be asked again, in milliseconds since 1970. */
	retryAt?: number;
	/** Attempts made for the request. */
	attempts?: number;
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
