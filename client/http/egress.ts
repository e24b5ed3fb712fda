import type { LookupFunction } from 'node:net';

/**
 * Limits where requests may go, as the host program wants it. `check` and `lookup` fail with an
 * `EgressRefusal`. Any other error comes from the network, such as a name that can't be resolved.
 */
export interface EgressFilter {
	/** Called before each request, so that no connection is made to a forbidden address. */
	check: (url: string) => Promise<void>;
	/** Called for each connection, also to a proxy. IP addresses never reach `lookup`. */
	checkHost: (host: string) => EgressRefusal | undefined;
	/** Resolves names for connections: a name may resolve differently than when it was checked. */
	lookup: LookupFunction;
}

/** A refusal by the filter. It is recognized by its code, because network layers wrap errors. */
export class EgressRefusal extends Error {
	readonly code = 'EGRESS_REFUSED';

	constructor(
		readonly host: string,
		/** The filter's own message. */
		readonly reason: string,
	) {
		super(`${host} is refused: ${reason}`);
	}
}
