import { backoff, BACKOFF_CAP_MS, retryAfter } from '../../../../client/timing/retryTiming';

const NOW = Date.parse('2026-03-01T12:00:00Z');

it('doubles from half a second and is capped at 30 s', () => {
	const steps = Array.from({ length: 9 }, (_, retry) => backoff(retry, 1));
	expect(steps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	expect(backoff(5_000, 1)).toBe(BACKOFF_CAP_MS);
});

it('spreads over the whole step', () => {
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
	['007', 7_000],
	['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
	['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
	['Sun, 01 Mar 2026 11:00:00 GMT', 0],
])('understands %j', (header, wait) => {
	expect(retryAfter(header, NOW)).toBe(wait);
});

it.each([
	undefined,
	'',
	'  ',
	'-5',
	'soon',
	'soon 1',
	'in 30 seconds',
	'1e3',
	'0x10',
	'NaN',
	'Infinity',
	'5, 6',
	'tomorrow',
	'Foo, 99 Bar 2026 99:99:99 GMT',
])('makes nothing of %j', (header) => {
	expect(retryAfter(header, NOW)).toBeUndefined();
});

it.each(['9'.repeat(20), '9'.repeat(400), '8640000000000', '31536000'])(
	'bug: %s seconds give a moment that can be written as a date',
	(header) => {
		const wait = retryAfter(header, NOW);
		expect(wait).toBeGreaterThan(300_000);
		expect(() => new Date(NOW + (wait as number)).toISOString()).not.toThrow();
	},
);
