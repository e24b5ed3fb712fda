import type { LookupFunction } from 'node:net';

/**
 * Where requests may go, as the host of this client sees it. All three refuse with an `EgressRefusal`;
 * any other error is the network's, such as that of a name that can't be resolved.
 */
export interface EgressFilter {
	/** Before each request, so that nothing is sent, and no connection made, to where none may go. */
	check: (url: string) => Promise<void>;
	/** At each connection, also to a proxy. No look-up sees the ones to an IP address. */
	checkHost: (host: string) => void;
	/** At each connection to a name, which may lead elsewhere than it did when it was checked. */
	lookup: LookupFunction;
}

/** The filter's no. Found by its code, since network layers wrap the errors that pass through them. */
export class EgressRefusal extends Error {
	readonly code = 'EGRESS_REFUSED';

	constructor(
		readonly host: string,
		/** In the filter's own words. */
		readonly reason: string,
	) {
		super(`${host} is refused: ${reason}`);
	}
}
