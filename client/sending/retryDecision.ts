import type { Failure } from '../model/failures';
import { RETRY_AFTER_CAP_MS } from '../timing/retryTiming';

/** What a failed request means for the run. */
export type Reaction =
	/** Passing: the same request again, after a while. */
	| 'repeat'
	/** Repeating would be of no use, but other requests may fare better. */
	| 'failBatch'
	/** The token ran out: the same request again with a new one. */
	| 'renewToken'
	/** Every other request would end in the same way. */
	| 'stopRun';

/** New tokens for one request, at most. They may run out while it is repeated for other reasons. */
const MOST_RENEWALS = 2;

const PASSING: ReadonlySet<Failure['kind']> = new Set([
	'rateLimited',
	'unavailable',
	'unreachable',
	'connectionLost',
	'timeout',
	// Of a token request, which costs nothing.
	'unreadableAnswer',
] as const);

/**
 * @param now milliseconds since 1970
 * @param token the access token that the request carried; none for an API key
 * @param renewals new tokens that the request has cost already
 * @param wasRenewed whether it carried a token that was fetched for it, and nothing came in between
 */
export function reactionTo(
	failure: Failure,
	now: number,
	token: { wasAccepted: boolean } | undefined,
	renewals: number,
	wasRenewed: boolean,
): Reaction {
	const isProxysOwn = failure.kind === 'proxy' && (failure.status ?? 0) >= 500;
	if (PASSING.has(failure.kind) || isProxysOwn) {
		const isFar = failure.retryAt !== undefined && failure.retryAt - now > RETRY_AFTER_CAP_MS;
		return isFar ? 'failBatch' : 'repeat';
	}
	if (failure.kind === 'rejected') return 'failBatch';
	if (failure.kind === 'unauthorized' && token && renewals < MOST_RENEWALS) {
		// A second token that lets nothing in, either, did not run out: it is not accepted.
		if (token.wasAccepted || !wasRenewed) return 'renewToken';
	}
	return 'stopRun';
}
