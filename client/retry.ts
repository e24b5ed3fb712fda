import type { Failure } from './failures';

/** What a failed request means for the run. */
export type Reaction =
	/** Passing: the same request again, after a while. */
	| 'repeat'
	/** The token ran out: the same request again with a new one. */
	| 'renewToken'
	/** Every other request would end in the same way. */
	| 'stopRun';

const PASSING: ReadonlySet<Failure['kind']> = new Set([
	'rateLimited',
	'unavailable',
	'unreachable',
	'connectionLost',
	'timeout',
] as const);

/**
 * @param canRenew whether a new token could make a difference: never with an API key, and not when
 * a token that is new has been refused
 */
export function reactionTo(failure: Failure, canRenew: boolean): Reaction {
	if (PASSING.has(failure.kind)) return 'repeat';
	if (failure.kind === 'proxy' && (failure.status ?? 0) >= 500) return 'repeat';
	if (failure.kind === 'unauthorized' && canRenew) return 'renewToken';
	return 'stopRun';
}
