import { setMaxListeners } from 'node:events';
import { Pacer } from '../../../../client/timing/pacer';
import type { Clock } from '../../../../client/timing/clock';

/** Time stands still until everyone sleeps, then goes on to the first who wakes. */
function steppedClock(): Clock {
	let now = 1_000_000;
	const sleepers: { until: number; wake: () => void }[] = [];
	const step = () => {
		sleepers.sort((a, b) => a.until - b.until);
		const first = sleepers.shift();
		if (!first) return;
		now = Math.max(now, first.until);
		first.wake();
		setImmediate(step);
	};
	return {
		now: () => now,
		random: () => 0,
		sleep: (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				const wake = () => (signal.aborted ? reject(signal.reason as Error) : resolve());
				signal.addEventListener('abort', wake, { once: true });
				if (sleepers.push({ until: now + milliseconds, wake }) === 1) setImmediate(step);
			}),
	};
}

const never = new AbortController().signal;
// One for each that waits.
setMaxListeners(0, never);

async function starts(pacer: Pacer, clock: Clock, count: number): Promise<number[]> {
	const from = clock.now();
	const times = Array.from({ length: count }, async () => {
		await pacer.turn(never);
		return clock.now() - from;
	});
	return (await Promise.all(times)).sort((a, b) => a - b);
}

it('lets all go at once without a limit', async () => {
	const clock = steppedClock();
	expect(await starts(new Pacer(clock, undefined), clock, 5)).toEqual([0, 0, 0, 0, 0]);
});

it.each([
	[60, 1_000],
	[600, 100],
	[30, 2_000],
	[7, 60_000 / 7],
])('spaces starts evenly at %i requests per minute', async (perMinute, interval) => {
	const clock = steppedClock();
	const times = await starts(new Pacer(clock, perMinute), clock, 20);
	times.forEach((time, index) => expect(time).toBeCloseTo(index * interval, 3));
});

it('lets nobody make up for time that went by unused', async () => {
	const clock = steppedClock();
	const pacer = new Pacer(clock, 60);
	await pacer.turn(never);
	await clock.sleep(30_000, never);
	expect(await starts(pacer, clock, 3)).toEqual([0, 1_000, 2_000]);
});

it('holds all back until the latest moment that was named', async () => {
	const clock = steppedClock();
	const pacer = new Pacer(clock, undefined);
	pacer.hold(20_000);
	pacer.hold(5_000);
	expect(await starts(pacer, clock, 3)).toEqual([20_000, 20_000, 20_000]);
});

it('holds back those, too, that wait already', async () => {
	const clock = steppedClock();
	const pacer = new Pacer(clock, 60);
	const waiting = starts(pacer, clock, 3);
	pacer.hold(60_000);
	expect(await waiting).toEqual([0, 60_000, 61_000]);
});

it('spaces again after a hold', async () => {
	const clock = steppedClock();
	const pacer = new Pacer(clock, 60);
	pacer.hold(10_000);
	expect(await starts(pacer, clock, 3)).toEqual([10_000, 11_000, 12_000]);
});

it('lets nothing start once cancelled', async () => {
	const clock = steppedClock();
	const pacer = new Pacer(clock, undefined);
	await expect(pacer.turn(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
	pacer.hold(60_000);
	const controller = new AbortController();
	const turn = pacer.turn(controller.signal);
	controller.abort(new Error('meanwhile'));
	await expect(turn).rejects.toThrow('meanwhile');
});
