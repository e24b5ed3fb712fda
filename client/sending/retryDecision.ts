import type { Failure, FailureKind } from '../model/failures';
import { RETRY_AFTER_CAP_MS } from '../timing/retryTiming';

/** What to do about a failed request. */
type Reaction =
	/** Transient: send the request again after a wait. */
	| 'retry'
	/** Rate limit: send the request again when its turn comes. Doesn't count as a retry. */
	| 'pace'
	/** The token has expired: send the request again with a new one. */
	| 'renewToken'
	/** A retry wouldn't help, but other requests may succeed. */
	| 'failBatch'
	/** Every other request would fail in the same way. */
	| 'stopRun';

/** Maximum number of new tokens for one batch. Tokens may expire while it is retried for other reasons. */
const MAX_RENEWALS = 2;

/** How long a run continues while every response is a rate limit. */
const RATE_PATIENCE_MS = 5 * 60_000;

/** A 503 this soon after a successful request is treated as a rate limit, up to the maximum number. */
const ASSUMED_LIMIT_MS = 30_000;
const MAX_VAGUE_LIMITS = 5;

/** What the decision about a failed attempt depends on. */
export interface Situation {
	/** Milliseconds since 1970. */
	now: number;
	/** Milliseconds of the monotonic clock, like all other times here. */
	elapsed: number;
	/** A request of the run was successful. The API's last sign of life was at `lastSign`. */
	hasAnswered: boolean;
	lastSign: number;
	/** The access token of the request; undefined for an API key. */
	token: { wasAccepted: boolean } | undefined;
	/** New tokens fetched for the batch so far, and whether its last attempt used one. */
	renewals: number;
	wasRenewed: boolean;
	/** When the batch first met the rate limit, and how often by a status that may mean an outage. */
	limitedAt: number | undefined;
	vagueLimits: number;
	/** Runs that take turns, this one included, and when a request of one of them was last accepted. */
	sharers: number;
	lastAccepted: number;
}

type Weight =
	/** Always worth a retry. */
	| 'transient'
	/** Until a request was successful, a wrong setup that every request would meet; then transient. */
	| 'setup'
	/** A retry of this request wouldn't change anything. */
	| 'final'
	/** Every other request would meet it, too. */
	| 'fatal';

const WEIGHTS: Readonly<Record<FailureKind, Weight>> = {
	rateLimited: 'transient',
	unavailable: 'transient',
	unreachable: 'transient',
	connectionLost: 'transient',
	timeout: 'transient',
	// Only of a token request, which costs nothing.
	unreadableResponse: 'transient',
	unauthorized: 'setup',
	tokenRefused: 'setup',
	forbidden: 'setup',
	wrongAddress: 'setup',
	noBatches: 'setup',
	tls: 'setup',
	proxy: 'setup',
	rejected: 'final',
	egressRefused: 'fatal',
	credential: 'fatal',
	// These are failures of files or of the run, not of a request.
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
	if (isFarOff(failure, now)) return 'failBatch';
	if (failure.kind === 'unauthorized' && token && mayRenew(token, situation)) return 'renewToken';
	switch (weightOf(failure)) {
		case 'fatal':
			return 'stopRun';
		case 'final':
			return 'failBatch';
		case 'setup':
			return hasAnswered ? 'retry' : 'stopRun';
		case 'transient':
			if (failure.kind === 'rateLimited') return hasPatience(situation) ? 'pace' : 'failBatch';
			return isVagueLimit(failure, situation) ? 'pace' : 'retry';
	}
}

/** Whether the server has named a wait that is too long for a run. */
export function isFarOff({ retryAt = 0 }: Failure, now: number): boolean {
	return retryAt - now > RETRY_AFTER_CAP_MS;
}

/** Whether a failure that remains after all retries concerns the whole service. */
export function isSetupFailure(failure: Failure): boolean {
	return weightOf(failure) === 'setup';
}

/** Failures that one file may cause each time. */
const FILES_FAULTS: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'unavailable',
	'connectionLost',
	'timeout',
	// A gateway's filter may take a file for an attack.
	'forbidden',
	'wrongAddress',
]);

export function mayBeFilesFault({ kind }: Failure): boolean {
	return FILES_FAULTS.has(kind);
}

/** Whether a failure slows the run down: a 429, or a 503 after a successful request. */
export function isLimit(failure: Failure, hasAnswered: boolean): boolean {
	return failure.kind === 'rateLimited' || (hasAnswered && isStatus503(failure));
}

function weightOf(failure: Failure): Weight {
	// An overloaded proxy, or one that doesn't reach its target, may recover.
	const isTransientProxy =
		failure.kind === 'proxy' && (failure.problem === 'unreachable' || (failure.status ?? 0) >= 500);
	return isTransientProxy ? 'transient' : WEIGHTS[failure.kind];
}

function mayRenew(token: { wasAccepted: boolean }, { renewals, wasRenewed }: Situation): boolean {
	// If a new token is refused, too, it has not expired: the server doesn't accept it.
	return renewals < MAX_RENEWALS && (token.wasAccepted || !wasRenewed);
}

function hasPatience(situation: Situation): boolean {
	const { elapsed, lastSign, limitedAt = elapsed, sharers, lastAccepted } = situation;
	// While others are accepted, the run's next turn comes after theirs.
	const turns = elapsed - lastAccepted <= RATE_PATIENCE_MS ? sharers : 1;
	return elapsed - Math.max(lastSign, limitedAt) <= RATE_PATIENCE_MS * turns;
}

function isVagueLimit(failure: Failure, situation: Situation): boolean {
	const { elapsed, hasAnswered, lastSign, vagueLimits } = situation;
	const isRecent = hasAnswered && elapsed - lastSign <= ASSUMED_LIMIT_MS;
	return isStatus503(failure) && isRecent && vagueLimits < MAX_VAGUE_LIMITS;
}

function isStatus503({ kind, status }: Failure): boolean {
	return kind === 'unavailable' && status === 503;
}
