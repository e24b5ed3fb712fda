import { setMaxListeners } from 'node:events';
import { Pacer } from '../../../../client/timing/pacer';
import type { Clock } from '../../../../client/timing/clock';
import { steppedClock } from './steppedClock';

// All tests share this signal, and each waiting request listens to it.
const never = new AbortController().signal;
setMaxListeners(0, never);
const nothing = async () => {};

const sleepUntilAborted: Clock['sleep'] = async (_, signal) =>
	await new Promise((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason as Error));
	});

function pacerOf(clock: Clock, requestsPerMinute?: number, signal = never): Pacer {
	const settings = { requestsPerMinute, concurrency: () => 5, limited: 'account' };
	return new Pacer(clock, settings, signal);
}

async function starts(pacer: Pacer, clock: Clock, count: number): Promise<number[]> {
	const from = clock.elapsed();
	const times = Array.from({ length: count }, async () => {
		await pacer.turn(nothing);
		return clock.elapsed() - from;
	});
	return await Promise.all(times);
}

it('starts all requests at once without a limit', async () => {
	const clock = steppedClock();
	expect(await starts(pacerOf(clock), clock, 5)).toEqual([0, 0, 0, 0, 0]);
});

it.each([
	[60, 1_000],
	[600, 100],
	[30, 2_000],
	[7, 60_000 / 7],
	[0.001, 6e7],
])('spaces starts evenly at %d requests per minute', async (perMinute, interval) => {
	const clock = steppedClock();
	const times = await starts(pacerOf(clock, perMinute), clock, 20);
	times.forEach((time, index) => expect(time).toBeCloseTo(index * interval, 3));
});

it('allows no burst after an idle time', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock, 60);
	await pacer.turn(nothing);
	await clock.sleep(30_000, never);
	expect(await starts(pacer, clock, 3)).toEqual([0, 1_000, 2_000]);
});

it('makes all requests wait until the latest time that was named', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock);
	pacer.hold(20_000);
	pacer.hold(5_000);
	expect(await starts(pacer, clock, 3)).toEqual([20_000, 20_000, 20_000]);
});

it('also extends the wait of requests that are already waiting', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock, 60);
	const waiting = starts(pacer, clock, 3);
	// The first one is in flight.
	for (let tick = 0; tick < 10; tick++) await Promise.resolve();
	pacer.hold(60_000);
	expect(await waiting).toEqual([0, 60_000, 61_000]);
});

it('spaces again after a hold', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock, 60);
	pacer.hold(10_000);
	expect(await starts(pacer, clock, 3)).toEqual([10_000, 11_000, 12_000]);
});

it('starts nothing after a cancellation', async () => {
	const clock = steppedClock();
	const aborted = AbortSignal.abort(new Error('before'));
	await expect(pacerOf(clock, undefined, aborted).turn(nothing)).rejects.toThrow('before');
	const controller = new AbortController();
	const pacer = pacerOf(clock, undefined, controller.signal);
	pacer.hold(60_000);
	const turns = [pacer.turn(nothing), pacer.turn(nothing)];
	controller.abort(new Error('meanwhile'));
	for (const turn of turns) await expect(turn).rejects.toThrow('meanwhile');
});

it('rejects waiting requests at once when it is canceled', async () => {
	const controller = new AbortController();
	const clock: Clock = { ...steppedClock(), sleep: sleepUntilAborted };
	const pacer = pacerOf(clock, undefined, controller.signal);
	pacer.hold(60_000);
	const turn = pacer.turn(nothing);
	controller.abort(new Error('canceled'));
	await expect(turn).rejects.toThrow('canceled');
});

it('prepares a request again if the server asks for a wait meanwhile', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock);
	const from = clock.elapsed();
	let times = 0;
	const { prepared } = await pacer.turn(async () => {
		if (++times === 1) pacer.hold(5_000);
		return times;
	});
	expect([prepared, clock.elapsed() - from]).toEqual([2, 5_000]);
});

it('starts no request that is canceled while it is prepared', async () => {
	const controller = new AbortController();
	const pacer = pacerOf(steppedClock(), undefined, controller.signal);
	const turn = pacer.turn(async () => controller.abort(new Error('canceled')));
	await expect(turn).rejects.toThrow('canceled');
});

it('slows down after a rate limit, and waits as long as the server says', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock);
	const { turn } = await pacer.turn(nothing);
	pacer.limited(turn, undefined);
	const [first = 0, second = 0] = await starts(pacer, clock, 2);
	expect(first).toBeGreaterThan(0);
	expect(second).toBeGreaterThan(first);
	const told = pacerOf(clock);
	told.limited((await told.turn(nothing)).turn, 7_000);
	expect(await starts(told, clock, 1)).toEqual([7_000]);
});

it('speeds up at once for waiting requests', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock);
	pacer.limited((await pacer.turn(nothing)).turn, undefined);
	const { turn: probe } = await pacer.turn(nothing);
	// Without that, the next request would start much later.
	const next = starts(pacer, clock, 1);
	pacer.accepted(probe);
	expect((await next)[0]).toBeLessThan(150);
});

it('bug: prepares a request only when its turn has come, and makes up for no delay', async () => {
	const clock = steppedClock();
	const pacer = pacerOf(clock, 60);
	let prepared = 0;
	const slowly = async () => {
		if (prepared++ === 2) await clock.sleep(10_000, never);
		return prepared;
	};
	const from = clock.elapsed();
	const times = await Promise.all(
		Array.from({ length: 5 }, async () => {
			const { prepared: order } = await pacer.turn(slowly);
			return [order, clock.elapsed() - from];
		}),
	);
	expect(times).toEqual([
		[1, 0],
		[2, 1_000],
		[3, 12_000],
		[4, 13_000],
		[5, 14_000],
	]);
});

it('rejects only the request whose preparation fails', async () => {
	const pacer = pacerOf(steppedClock());
	const fails = async () => {
		throw new Error('no token');
	};
	const turns = [pacer.turn(nothing), pacer.turn(fails), pacer.turn(nothing)];
	const ends = await Promise.allSettled(turns);
	expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
