/** First step of the backoff, in milliseconds; doubles with each attempt. */
export const BACKOFF_BASE_MS = 500;
/** Longest step of the backoff, in milliseconds. */
export const BACKOFF_CAP_MS = 30_000;
/** Longest `Retry-After` that a run waits for, in milliseconds. */
export const RETRY_AFTER_CAP_MS = 5 * 60_000;
/** A thousand years: the moment after much longer ones can't be written as a date. */
const LONGEST_WAIT_MS = 1_000 * 365 * 24 * 60 * 60_000;

/**
 * Exponential backoff with full jitter: anything between nothing and the step, so that many clients
 * that failed together don't come back together.
 *
 * @param retry 0 for the first repeat
 * @param random at least 0, below 1
 * @returns milliseconds
 */
export function backoff(retry: number, random: number): number {
	return random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** retry);
}

/**
 * A `Retry-After` header (RFC 9110: seconds, or a date) as milliseconds from now; undefined where
 * it is absent or says nothing that can be understood. No jitter: the server named the time.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
	const value = header?.trim();
	if (!value) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1_000, LONGEST_WAIT_MS);
	// Date.parse alone would take '-5' and 'soon 1' for dates.
	const date = /[a-z].*\d:\d\d/i.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
