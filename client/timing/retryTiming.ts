/** First step of the backoff; doubles with each attempt. */
const BACKOFF_BASE_MS = 500;
/** Longest step of the backoff. */
export const BACKOFF_CAP_MS = 30_000;
/** Longest wait named by a server that a run accepts. */
export const RETRY_AFTER_CAP_MS = 5 * 60_000;
/** A thousand years: the end of a much longer wait can't be expressed as a date. */
const MAX_WAIT_MS = 1_000 * 365 * 24 * 60 * 60_000;

/** Larger numbers are seconds since 1970 (2001 and later), not a wait of decades. */
const MIN_EPOCH_S = 1e9;
/** Larger numbers are milliseconds since 1970. */
const MIN_EPOCH_MS = 1e12;

/** The end of Fri Nov 25 08:49:37 2026: a date without a time zone, which means UTC (RFC 9110, 5.6.7). */
const ASCTIME_END = /:\d\d \d{4}$/;

/** Common headers, not standardized, that say when a rate limit resets. */
export const RESET_HEADERS = ['x-ratelimit-reset', 'ratelimit-reset', 'x-rate-limit-reset'];

/**
 * Exponential backoff with full jitter: a random wait between zero and the step, so that clients that
 * failed together don't retry together.
 *
 * @param retry 0 for the first retry
 * @param random at least 0, below 1
 * @returns milliseconds
 */
export function backoff(retry: number, random: number): number {
	return random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** retry);
}

/**
 * How long the server wants the client to wait, in milliseconds from now: `Retry-After` (RFC 9110:
 * seconds or a date; some servers send seconds since 1970), `retry-after-ms`, or the reset of a rate
 * limit. No jitter, because the server named the time.
 *
 * @param headers by their names in lowercase
 * @param now milliseconds since 1970
 * @returns undefined if no header holds a valid value
 */
export function retryAfterMs(
	headers: Readonly<Record<string, string | undefined>>,
	now: number,
): number | undefined {
	const milliseconds = numberIn(headers['retry-after-ms']);
	if (milliseconds !== undefined) return wait(milliseconds, now);
	const named = retryAfter(headers['retry-after'], now);
	if (named !== undefined) return named;
	const reset = RESET_HEADERS.map((name) => numberIn(headers[name])).find(
		(each) => each !== undefined,
	);
	return reset === undefined ? undefined : wait(reset * 1_000, now);
}

function retryAfter(header: string | undefined, now: number): number | undefined {
	const value = header?.trim() ?? '';
	const seconds = numberIn(value.replace(/\s*s(ec(onds?)?)?$/i, ''));
	if (seconds !== undefined) return wait(seconds * 1_000, now);
	// Date.parse alone would accept '-5' and 'soon 1' as dates.
	if (!/[a-z].*\d:\d\d/i.test(value)) return undefined;
	const date = Date.parse(ASCTIME_END.test(value) ? `${value} GMT` : value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function wait(milliseconds: number, now: number): number {
	return Math.min(MAX_WAIT_MS, Math.max(0, fromNow(milliseconds, now)));
}

/** Large numbers are points in time: seconds since 1970 (times 1,000 by now), or milliseconds. */
function fromNow(milliseconds: number, now: number): number {
	if (milliseconds >= MIN_EPOCH_MS * 1_000) return milliseconds / 1_000 - now;
	return milliseconds >= MIN_EPOCH_S * 1_000 ? milliseconds - now : milliseconds;
}

function numberIn(text: string | undefined): number | undefined {
	const value = text?.trim() ?? '';
	return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
