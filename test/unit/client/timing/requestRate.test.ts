import {
	bestSeconds,
	fixedWindow,
	simulate,
	tokenBucket,
	type Limiter,
	type Setting,
} from '../../../support/rateSimulation';
import { COMBINATIONS, LIMITS } from '../../../support/rateTable';

interface Bounds {
	/** Relative to a run that knows the limit, so that no request is refused. */
	time: number;
	/** Requests per batch. */
	requests: number;
}

// `npm run bench:rates` prints the table with all figures, which is in docs/performance.md.
const BOUNDS: [string, Bounds][] = [
	['1/s, burst 5', { time: 1.1, requests: 1.6 }],
	['1/s, burst 1', { time: 1.4, requests: 1.5 }],
	['5/min, burst 5', { time: 1.1, requests: 1.5 }],
	['5/min, burst 1', { time: 1.3, requests: 1.5 }],
	['5/min, by the minute', { time: 1.1, requests: 1.7 }],
	['60/min, burst 60', { time: 1.1, requests: 1.5 }],
	['10/s, burst 10', { time: 1.4, requests: 1.5 }],
	['10/s, burst 1', { time: 2, requests: 1.5 }],
];

it.each(BOUNDS)('bug: finds an unannounced limit, and loses no batch to it: %s', (name, bounds) => {
	const limiter = LIMITS[name] as () => Limiter;
	for (const combination of COMBINATIONS) {
		const setting = { limiter, ...combination };
		const found = simulate(setting);
		const measured = {
			...combination,
			answered: found.answered,
			isQuick: found.seconds <= bounds.time * bestSeconds(setting),
			isSparing: found.requests <= bounds.requests * 100,
		};
		expect(measured).toEqual({ ...combination, answered: 100, isQuick: true, isSparing: true });
	}
});

it.each([2, 4])('bug: %d runs in one process use a limit as well as one run', (runs) => {
	for (const [name, { time }] of BOUNDS) {
		const limiter = LIMITS[name] as () => Limiter;
		for (const combination of COMBINATIONS.filter(({ concurrency }) => concurrency <= 5)) {
			const setting = { limiter, ...combination, runs, inOneProcess: true };
			const found = simulate(setting);
			expect(found.answered).toBe(100 * runs);
			expect(found.seconds).toBeLessThan(time * bestSeconds(setting));
		}
	}
});

it.each([2, 4])('%d processes that know nothing of each other lose no batch', (runs) => {
	for (const limiter of Object.values(LIMITS)) {
		for (const combination of COMBINATIONS.filter(({ concurrency }) => concurrency === 2)) {
			const found = simulate({ limiter, ...combination, runs });
			expect(found.answered).toBe(100 * runs);
			expect(found.requests).toBeLessThan(2.6 * 100 * runs);
		}
	}
});

it('runs as fast as responses come if nothing is refused', () => {
	const limiter = () => () => undefined;
	const setting = { limiter, concurrency: 5, latencyMs: 500, saysWhen: false };
	const found = simulate(setting);
	expect(found.requests).toBe(100);
	expect(found.seconds).toBeLessThan(1.05 * bestSeconds(setting));
});

it('bug: becomes fast again when a limit is lifted', () => {
	let requests = 0;
	const limited = tokenBucket(1, 1);
	const limiter = () => (now: number) => (++requests > 40 ? undefined : limited(now));
	const found = simulate({ limiter, concurrency: 2, latencyMs: 50, saysWhen: false, batches: 400 });
	expect(found.answered).toBe(400);
	// At one request per second, the other 360 would take 6 minutes.
	expect(found.seconds).toBeLessThan(90);
});

// Every constant and every rule affects these figures, so that no change of the pace goes unnoticed.
const STEPS: [Omit<Setting, 'limiter'>, Limiter, [requests: number, seconds: string]][] = [
	[{ concurrency: 1, latencyMs: 50, saysWhen: false }, tokenBucket(1, 5), [125, '95.192']],
	[{ concurrency: 2, latencyMs: 500, saysWhen: true }, tokenBucket(1, 1), [116, '123.854']],
	[{ concurrency: 20, latencyMs: 3_000, saysWhen: false }, tokenBucket(1, 1), [142, '132.046']],
	[
		{ concurrency: 5, latencyMs: 50, saysWhen: false, runs: 2 },
		tokenBucket(10, 1),
		[251, '28.125'],
	],
	[
		{ concurrency: 20, latencyMs: 500, saysWhen: true, runs: 2 },
		tokenBucket(10, 10),
		[268, '24.195'],
	],
	[
		{ concurrency: 2, latencyMs: 50, saysWhen: false, runs: 4 },
		tokenBucket(5 / 60, 1),
		[682, '7087.089'],
	],
	[
		{ concurrency: 20, latencyMs: 50, saysWhen: true, runs: 2 },
		fixedWindow(60, 60_000),
		[253, '181.819'],
	],
];

it.each(STEPS)('takes the steps that it was tuned for: %j', (setting, limiter, expected) => {
	const { requests, seconds } = simulate({ ...setting, limiter: () => limiter });
	expect([requests, seconds.toFixed(3)]).toEqual(expected);
});
