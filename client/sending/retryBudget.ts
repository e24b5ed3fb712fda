/** Tokens at the start of a run, and at most: the figure of the AWS SDKs' standard mode. */
const CAPACITY = 500;
const RETRY_COST = 5;
/** A timeout has kept the server busy for longer than a quick refusal. */
const TIMEOUT_COST = 10;
/** Back for each request that needed no repeat. */
const SUCCESS_REFUND = 1;

/**
 * A run's allowance of repeats, so that an outage is not met with a multiple of the load. Repeats
 * that succeed give back what they cost; when most fail, the allowance runs out and requests fail
 * at their first attempt until some succeed again.
 */
export class RetryBudget {
	private tokens = CAPACITY;

	/** The cost that was taken, to be given back on success; 0 when nothing is left. */
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
