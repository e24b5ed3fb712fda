/** First step of the backoff, in milliseconds; doubles with each attempt. */
export const BACKOFF_BASE_MS = 500;
/** Longest step of the backoff, in milliseconds. */
export const BACKOFF_CAP_MS = 30_000;
/** Longest wait named by a server that a run takes upon itself, in milliseconds. */
export const RETRY_AFTER_CAP_MS = 5 * 60_000;
/** A thousand years: the moment after much longer ones can't be written as a date. */
const MAX_WAIT_MS = 1_000 * 365 * 24 * 60 * 60_000;

/** Numbers from here on are seconds since 1970 (2001 and later), not a wait of decades. */
const MIN_EPOCH_S = 1e9;
/** Numbers from here on are milliseconds since 1970. */
const MIN_EPOCH_MS = 1e12;

/** The end of Fri Nov 25 08:49:37 2026: a date without a zone, which is UTC (RFC 9110, 5.6.7). */
const ASCTIME_END = /:\d\d \d{4}$/;

/** Headers without a standard that say when a limit is over; those that most services send. */
export const RESET_HEADERS = ['x-ratelimit-reset', 'ratelimit-reset', 'x-rate-limit-reset'];

/**
 * Exponential backoff with full jitter: anything between nothing and the step, so that many clients
 * that failed together don't come back together.
 *
 * @param retry 0 for the first retry
 * @param random at least 0, below 1
 * @returns milliseconds
 */
export function backoff(retry: number, random: number): number {
	return random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** retry);
}

/**
 * How long a server asks to wait, in milliseconds from now: `Retry-After` (RFC 9110: seconds or a
 * date; some send the moment in seconds since 1970), `retry-after-ms`, or the reset of a rate limit.
 * No jitter: the server named the time.
 *
 * @param headers by their names in small letters
 * @param now milliseconds since 1970
 * @returns undefined if no header says anything that can be understood
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
	// Date.parse alone would take '-5' and 'soon 1' for dates.
	if (!/[a-z].*\d:\d\d/i.test(value)) return undefined;
	const date = Date.parse(ASCTIME_END.test(value) ? `${value} GMT` : value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function wait(milliseconds: number, now: number): number {
	return Math.min(MAX_WAIT_MS, Math.max(0, fromNow(milliseconds, now)));
}

/** Large numbers are moments: seconds since 1970, by now in milliseconds, or milliseconds multiplied. */
function fromNow(milliseconds: number, now: number): number {
	if (milliseconds >= MIN_EPOCH_MS * 1_000) return milliseconds / 1_000 - now;
	return milliseconds >= MIN_EPOCH_S * 1_000 ? milliseconds - now : milliseconds;
}

function numberIn(text: string | undefined): number | undefined {
	const value = text?.trim() ?? '';
	return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
