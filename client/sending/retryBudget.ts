/** Tokens at the start of a run, and the maximum: the figure of the AWS SDKs' standard mode. */
const CAPACITY = 500;
const RETRY_COST = 5;
/** A timeout keeps the server busy for longer than a quick refusal. */
const TIMEOUT_COST = 10;
/** Given back for each request that needed no retry. */
const SUCCESS_REFUND = 1;

/**
 * The retries that a run can afford, so that an outage is not met with a multiple of the load. Retries
 * that succeed give back their cost. If most fail, the budget runs out, and requests fail at their
 * first attempt until some succeed again.
 */
export class RetryBudget {
	private tokens = CAPACITY;

	/** Returns the cost, to be given back on success; 0 if the budget doesn't suffice. */
	take(reason: 'timeout' | 'other'): number {
		const cost = reason === 'timeout' ? TIMEOUT_COST : RETRY_COST;
		if (this.tokens < cost) return 0;
		this.tokens -= cost;
		return cost;
	}

	succeeded(cost: number): void {
		this.tokens = Math.min(CAPACITY, this.tokens + (cost || SUCCESS_REFUND));
	}
}
