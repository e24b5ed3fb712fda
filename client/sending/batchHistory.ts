import type { Failure } from '../model/failures';

/** Minimum attempts to reconnect to a server that crashed on a part of a batch. */
const MIN_RECONNECTIONS = 3;

/** The history of a batch's attempts, which decides whether and how it is sent again. */
export class BatchHistory {
	/** Requests sent, except those that the server never saw. */
	attempts = 0;
	/** Retries that count toward the limit. */
	retries = 0;
	/** Lost connections and 5xx responses. */
	transientFailures = 0;
	/** Responses treated as a rate limit although their status may mean an outage. */
	vagueLimits = 0;
	/** When it first met the rate limit, on the monotonic clock. */
	limitedAt: number | undefined;
	/** Token requests for it that met the rate limit. */
	tokenLimits = 0;
	/** New tokens fetched for it. */
	renewals = 0;
	/** Its last attempt carried a token that was fetched for it. */
	wasRenewed = false;
	/** What its last retry cost of the run's retry budget. */
	retryCost = 0;
	/** Signs of life that the service had given when the first attempt failed. */
	signsAtFailure: number | undefined;
	/** When its last attempt was sent, on the monotonic clock. */
	sentAt = 0;
	/** Kept-alive connections that the server had closed before it saw the batch. */
	staleConnections = 0;
	/** A new connection was lost, too, so later losses don't count as stale connections. */
	hasLostNewConnection = false;
	/** The batch got a response with the request ID of an earlier response. */
	hasRepeatedId = false;
	lastFailure: Failure | undefined;

	/**
	 * @param maxRetries all retries of the batch
	 * @param sharedRetries how many of them the whole batch may use for failures that one file may have
	 * caused; the others are reserved for its halves
	 */
	constructor(
		readonly maxRetries: number,
		readonly sharedRetries = maxRetries,
	) {}

	/**
	 * The history for a part of the batch, with what was learned from the whole batch. The part gets one
	 * attempt, and more only if a server that is restarting refuses the connection.
	 */
	part(): BatchHistory {
		const part = new BatchHistory(Math.max(this.maxRetries, MIN_RECONNECTIONS), 0);
		part.hasLostNewConnection = this.hasLostNewConnection;
		part.transientFailures = this.transientFailures;
		return part;
	}

	noteFailure(failure: Failure, signs: number): void {
		this.lastFailure = failure;
		this.signsAtFailure ??= signs;
	}

	/** Whether the service has responded to another request since this batch first failed. */
	isServiceAlive(signs: number): boolean {
		return this.signsAtFailure !== undefined && signs > this.signsAtFailure;
	}
}
