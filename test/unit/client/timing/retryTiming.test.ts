import {
	backoff,
	BACKOFF_CAP_MS,
	RETRY_AFTER_CAP_MS,
	retryAfterMs,
} from '../../../../client/timing/retryTiming';

const NOW = Date.parse('2026-03-01T12:00:00Z');

it('doubles from half a second and is capped at 30 s', () => {
	const steps = Array.from({ length: 9 }, (_, retry) => backoff(retry, 1));
	expect(steps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	expect(backoff(5_000, 1)).toBe(BACKOFF_CAP_MS);
	expect(RETRY_AFTER_CAP_MS).toBe(300_000);
});

it('uses the whole step', () => {
	expect(backoff(3, 0)).toBe(0);
	expect(backoff(3, 0.5)).toBe(2_000);
	expect(backoff(3, 0.999)).toBeCloseTo(3_996);
});

it.each([
	['0', 0],
	['1', 1_000],
	['120', 120_000],
	[' 7 ', 7_000],
	['0.5', 500],
	['0.25', 250],
	['007', 7_000],
	['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
	['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
	['Sun, 01 Mar 2026 11:00:00 GMT', 0],
	// asctime means UTC, no matter where n8n runs.
	['Sun Mar  1 12:00:30 2026', 30_000],
	['Sun Mar 15 12:00:00 2026', 14 * 86_400_000],
	['3s', 3_000],
	['3 s', 3_000],
	['3 sec', 3_000],
	['3 second', 3_000],
	['3 seconds', 3_000],
	[' 3 s ', 3_000],
	// A number from here on means seconds since 1970, and the next one milliseconds.
	['999999999', 999_999_999_000],
	['1000000000', 0],
	['1000000000000', 0],
	[String(NOW / 1_000 + 9), 9_000],
	[String(NOW + 9_000), 9_000],
	[String(NOW / 1_000 - 9), 0],
])('understands %j', (header, wait) => {
	expect(retryAfterMs({ 'retry-after': header }, NOW)).toBe(wait);
});

it.each([
	undefined,
	'',
	'  ',
	'-5',
	'soon',
	'soon 1',
	's3',
	// A local time.
	'2026-03-01 12:00:30',
	'in 30 seconds',
	'1e3',
	'0x10',
	'NaN',
	'Infinity',
	'5, 6',
	'tomorrow',
	'Foo, 99 Bar 2026 99:99:99 GMT',
])('ignores %j', (header) => {
	expect(retryAfterMs({ 'retry-after': header }, NOW)).toBeUndefined();
});

const THOUSAND_YEARS_MS = 1_000 * 365 * 24 * 60 * 60_000;

it.each([
	['9'.repeat(20), THOUSAND_YEARS_MS],
	['9'.repeat(400), THOUSAND_YEARS_MS],
	['86400000', 86_400_000_000],
])('bug: %s seconds give a time that can be written as a date', (header, expected) => {
	const wait = retryAfterMs({ 'retry-after': header }, NOW);
	expect(wait).toBe(expected);
	expect(() => new Date(NOW + (wait as number)).toISOString()).not.toThrow();
});

it.each([
	[{ 'retry-after-ms': '250' }, 250],
	[{ 'retry-after-ms': ' 250 ' }, 250],
	[{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
	[{ 'retry-after': '9', 'x-ratelimit-reset': '60' }, 9_000],
	[{ 'retry-after': 'soon', 'x-ratelimit-reset': '60' }, 60_000],
	[{ 'x-ratelimit-reset': '0.5' }, 500],
	[{ 'ratelimit-reset': '60' }, 60_000],
	[{ 'x-rate-limit-reset': '60' }, 60_000],
	[{ 'x-ratelimit-reset': String(NOW / 1_000 + 20) }, 20_000],
	[{ 'ratelimit-reset': String(NOW + 20_000) }, 20_000],
	[{ 'x-ratelimit-reset': String(NOW / 1_000 - 20) }, 0],
	[{ 'x-ratelimit-reset': 'never' }, undefined],
	[{}, undefined],
])('bug: distinguishes a wait from a point in time by its size: %j', (headers, wait) => {
	expect(retryAfterMs(headers as Record<string, string>, NOW)).toBe(wait);
});
