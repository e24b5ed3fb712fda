import type { Failure } from '../model/failures';

/** Attempts to reach a server that a part of a batch may have brought down, at least. */
const MIN_RECONNECTIONS = 3;

/** What a batch has been through: all that decides whether and how it is sent again. */
export class BatchHistory {
	/** Requests sent, those among them that the server did not see left out. */
	attempts = 0;
	/** Attempts that `Max Retries` counts. */
	retries = 0;
	/** Lost connections and responses that say that the service is not available. */
	transientFailures = 0;
	/** Refusals for the rate by a status that may also mean something else. */
	vagueLimits = 0;
	/** When it was refused for the rate first, in milliseconds of the clock that only goes forward. */
	limitedAt: number | undefined;
	/** Token requests for it that were refused for the rate. */
	tokenLimits = 0;
	/** New tokens fetched for it. */
	renewals = 0;
	/** Its last attempt carried a token that was fetched for it. */
	wasRenewed = false;
	/** What its last retry took from the run's budget. */
	retryCost = 0;
	/** Signs of the service when its first attempt failed; undefined before. */
	signsAtFailure: number | undefined;
	/** When its last attempt was sent, in milliseconds of the clock that only goes forward. */
	sentAt = 0;
	/** Kept connections that the server had closed before it saw the batch. */
	staleConnections = 0;
	/** A connection that had served no request before was lost, so lost ones are not stale ones. */
	hasLostNewConnection = false;
	/** The batch has been answered with the request ID of an earlier response. */
	hasRepeatedId = false;
	lastFailure: Failure | undefined;

	/**
	 * @param maxRetries of the batch
	 * @param sharedRetries those among them for failures that may be one file's fault: the others are
	 * kept for its halves
	 */
	constructor(
		readonly maxRetries: number,
		readonly sharedRetries = maxRetries,
	) {}

	/**
	 * That of a part: what was learned from the whole batch holds for it. It gets one attempt, but for
	 * a server that is just restarting and takes no connection.
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

	/** Whether the service has answered another request since this batch failed first. */
	isServiceAlive(signs: number): boolean {
		return this.signsAtFailure !== undefined && signs > this.signsAtFailure;
	}
}
