import type { Failure, FailureKind } from '../model/failures';
import { RETRY_AFTER_CAP_MS } from '../timing/retryTiming';

/** What a failed request means for its batch and for the run. */
export type Reaction =
	/** Transient: the same request again, after a while. */
	| 'retry'
	/** Refused for the rate: the same request again when its turn comes. Uses up no retry. */
	| 'pace'
	/** The token ran out: the same request again with a new one. */
	| 'renewToken'
	/** Repeating would be of no use, but other requests may fare better. */
	| 'failBatch'
	/** Every other request would end in the same way. */
	| 'stopRun';

/** New tokens for one batch, at most. They may run out while it is retried for other reasons. */
const MAX_RENEWALS = 2;

/** How long a run goes on without any response but refusals for the rate. */
const RATE_PATIENCE_MS = 5 * 60_000;

/** A 503 so soon after other requests were answered means a limit rather than an outage, so often. */
const LIMIT_SUSPECTED_MS = 30_000;
const MAX_VAGUE_LIMITS = 5;

/** What a batch's failed attempt is judged by. Durations are those of a clock that only goes forward. */
export interface Situation {
	/** Milliseconds since 1970. */
	now: number;
	elapsed: number;
	/** The API has answered a request of the run, last at `lastSign`. */
	hasAnswered: boolean;
	lastSign: number;
	/** The access token that the request carried; none for an API key. */
	token: { wasAccepted: boolean } | undefined;
	/** New tokens that the batch has cost already, and whether its last attempt carried one of them. */
	renewals: number;
	wasRenewed: boolean;
	/** When the batch was refused for the rate first, and how often by a status that may mean an outage. */
	limitedAt: number | undefined;
	vagueLimits: number;
}

type Weight =
	/** Worth a retry in any case. */
	| 'transient'
	/** Before the API has answered, it would meet every request; afterwards it is transient. */
	| 'stray'
	/** Repeating this request would change nothing. */
	| 'final'
	/** It would meet every other request, too. */
	| 'fatal';

const WEIGHTS: Readonly<Record<FailureKind, Weight>> = {
	rateLimited: 'transient',
	unavailable: 'transient',
	unreachable: 'transient',
	connectionLost: 'transient',
	timeout: 'transient',
	// Of a token request, which costs nothing.
	unreadableResponse: 'transient',
	unauthorized: 'stray',
	tokenRefused: 'stray',
	forbidden: 'stray',
	wrongAddress: 'stray',
	noBatches: 'stray',
	tls: 'stray',
	proxy: 'stray',
	rejected: 'final',
	egressRefused: 'fatal',
	credential: 'fatal',
	// These are about files, or about none at all: they are no failures of a request.
	refused: 'final',
	tooLarge: 'final',
	fileRefused: 'final',
	everythingRefused: 'final',
	fileTooLarge: 'final',
	fileChanged: 'final',
	fileUnreadable: 'final',
	noVerdict: 'final',
	notSent: 'final',
};

export function reactionTo(failure: Failure, situation: Situation): Reaction {
	const { now, token, hasAnswered } = situation;
	if ((failure.retryAt ?? now) - now > RETRY_AFTER_CAP_MS) return 'failBatch';
	if (failure.kind === 'unauthorized' && token && mayRenew(token, situation)) return 'renewToken';
	switch (weightOf(failure)) {
		case 'fatal':
			return 'stopRun';
		case 'final':
			return 'failBatch';
		case 'stray':
			return hasAnswered ? 'retry' : 'stopRun';
		case 'transient':
			if (failure.kind === 'rateLimited') return hasPatience(situation) ? 'pace' : 'failBatch';
			return isVagueLimit(failure, situation) ? 'pace' : 'retry';
	}
}

/** Whether a failure, retries included, says something of the whole service. */
export function isStray(failure: Failure): boolean {
	return weightOf(failure) === 'stray';
}

/** On these a server may fail each time because of one file. */
const FILES_FAULTS: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'unavailable',
	'connectionLost',
	'timeout',
	// A gateway's filter that takes a file for an attack.
	'forbidden',
	'wrongAddress',
]);

export function mayBeFilesFault({ kind }: Failure): boolean {
	return FILES_FAULTS.has(kind);
}

/** Whether a 503 slows the run down like a 429: it does if the API was there before. */
export function isLimit(failure: Failure, hasAnswered: boolean): boolean {
	return failure.kind === 'rateLimited' || (hasAnswered && isStatus503(failure));
}

function weightOf(failure: Failure): Weight {
	// A proxy that is overloaded, or does not reach its target, may fare better in a while.
	const isTransientProxy =
		failure.kind === 'proxy' && (failure.problem === 'unreachable' || (failure.status ?? 0) >= 500);
	return isTransientProxy ? 'transient' : WEIGHTS[failure.kind];
}

function mayRenew(token: { wasAccepted: boolean }, { renewals, wasRenewed }: Situation): boolean {
	// A second token that lets nothing in, either, did not run out: it is not accepted.
	return renewals < MAX_RENEWALS && (token.wasAccepted || !wasRenewed);
}

function hasPatience({ elapsed, lastSign, limitedAt = elapsed }: Situation): boolean {
	return elapsed - Math.max(lastSign, limitedAt) <= RATE_PATIENCE_MS;
}

function isVagueLimit(failure: Failure, situation: Situation): boolean {
	const { elapsed, hasAnswered, lastSign, vagueLimits } = situation;
	const isRecent = hasAnswered && elapsed - lastSign <= LIMIT_SUSPECTED_MS;
	return isStatus503(failure) && isRecent && vagueLimits < MAX_VAGUE_LIMITS;
}

function isStatus503({ kind, status }: Failure): boolean {
	return kind === 'unavailable' && status === 503;
}
