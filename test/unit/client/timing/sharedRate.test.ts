import { setMaxListeners } from 'node:events';
import { Pacer } from '../../../../client/timing/pacer';
import type { Clock } from '../../../../client/timing/clock';
import { SharedRate } from '../../../../client/timing/sharedRate';
import { steppedClock } from './steppedClock';

// All tests share this signal, and each waiting request listens to it.
const never = new AbortController().signal;
setMaxListeners(0, never);
const nothing = async () => {};

interface Options {
	account?: string;
	perMinute?: number;
	signal?: AbortSignal;
}

function pacerOf(clock: Clock, { account = 'one', perMinute, signal = never }: Options = {}) {
	const settings = { requestsPerMinute: perMinute, concurrency: () => 5, limited: account };
	return new Pacer(clock, settings, signal);
}

/** Starts requests, none of which is refused, and adds the name to `order` for each. */
async function startAll(name: string, pacer: Pacer, count: number, order: string[]): Promise<void> {
	const starting = Array.from({ length: count }, async () => {
		await pacer.turn(nothing);
		order.push(name);
	});
	await Promise.all(starting);
}

async function limit(pacer: Pacer, retryAfterMs: number | undefined): Promise<void> {
	pacer.limited((await pacer.turn(nothing)).turn, retryAfterMs);
}

it('bug: a run follows a limit that another run of the same account has found', async () => {
	const clock = steppedClock();
	const [first, second] = [pacerOf(clock), pacerOf(clock)];
	await limit(first, 7_000);
	const from = clock.elapsed();
	await second.turn(nothing);
	expect(clock.elapsed() - from).toBe(7_000);
});

it.each([
	['with another account', (clock: Clock) => pacerOf(clock, { account: 'another' })],
	['on another clock', () => pacerOf(steppedClock())],
])('a run %s is not delayed', async (_, another) => {
	const clock = steppedClock();
	const [first, second] = [pacerOf(clock), another(clock)];
	await limit(first, 60_000);
	const { turn } = await second.turn(nothing);
	expect(turn.at).toBe(1_000_000);
});

it('the limit is forgotten when the last run ends', async () => {
	const clock = steppedClock();
	const [first, second] = [pacerOf(clock), pacerOf(clock)];
	await limit(first, 60_000);
	pacerOf(clock).close();
	expect(second.sharers).toBe(2);
	first.close();
	const third = pacerOf(clock);
	expect([second.sharers, third.sharers]).toEqual([2, 2]);
	await third.turn(nothing);
	expect(clock.elapsed()).toBe(1_060_000);
	await limit(third, 60_000);
	second.close();
	third.close();
	const from = clock.elapsed();
	const { turn } = await pacerOf(clock).turn(nothing);
	expect(turn.at).toBe(from);
});

it("a small run doesn't wait for the end of a large one", async () => {
	const clock = steppedClock();
	const [large, small] = [pacerOf(clock), pacerOf(clock)];
	await limit(large, undefined);
	const order: string[] = [];
	const first = startAll('large', large, 8, order);
	await clock.sleep(1, never);
	await Promise.all([first, startAll('small', small, 3, order)]);
	expect(order.slice(0, 6).filter((name) => name === 'small')).toHaveLength(3);
	expect(order).toHaveLength(11);
});

it("a run with a user's own rate leaves the other turns to other runs", async () => {
	const clock = steppedClock();
	const [slow, quick] = [pacerOf(clock, { perMinute: 1 }), pacerOf(clock)];
	await limit(quick, undefined);
	const order: string[] = [];
	await Promise.all([startAll('slow', slow, 2, order), startAll('quick', quick, 4, order)]);
	expect(order).toEqual(['slow', 'quick', 'quick', 'quick', 'quick', 'slow']);
});

it("a run that waits for its token doesn't delay others", async () => {
	const clock = steppedClock();
	const [slow, quick] = [pacerOf(clock), pacerOf(clock)];
	const starts: [string, number][] = [];
	const from = clock.elapsed();
	const first = slow.turn(async () => await clock.sleep(20_000, never));
	const waiting = first.then(() => starts.push(['slow', clock.elapsed() - from]));
	await quick.turn(nothing);
	starts.push(['quick', clock.elapsed() - from]);
	await waiting;
	expect(starts).toEqual([
		['quick', 0],
		['slow', 20_000],
	]);
});

it("a run that is canceled while it waits doesn't delay others", async () => {
	const clock = steppedClock();
	const controller = new AbortController();
	const [canceled, other] = [pacerOf(clock, { signal: controller.signal }), pacerOf(clock)];
	await limit(other, 5_000);
	const turns = [canceled.turn(nothing), canceled.turn(nothing)];
	const rejected = Promise.allSettled(turns);
	controller.abort(new Error('canceled'));
	await other.turn(nothing);
	expect(clock.elapsed()).toBe(1_005_000);
	expect((await rejected).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('a waiting run notices at once that another run has raised the rate', async () => {
	const clock = steppedClock();
	const [first, second] = [pacerOf(clock), pacerOf(clock)];
	await limit(first, undefined);
	const { turn: probe } = await first.turn(nothing);
	const from = clock.elapsed();
	const waiting = second.turn(nothing);
	for (let tick = 0; tick < 10; tick++) await Promise.resolve();
	first.accepted(probe);
	await waiting;
	// Otherwise it would wait twice as long as the first one.
	expect(clock.elapsed() - from).toBeLessThan(150);
});

it('knows when a request of any of the runs was last accepted', async () => {
	const clock = steppedClock();
	const [first, second] = [pacerOf(clock), pacerOf(clock)];
	expect(second.lastAccepted).toBe(-Infinity);
	const { turn } = await first.turn(nothing);
	await clock.sleep(3_000, never);
	first.accepted(turn);
	expect(second.lastAccepted).toBe(1_003_000);
});

it('is no faster than the requests of all runs together allow', () => {
	const clock = steppedClock();
	const join = () =>
		SharedRate.join(clock, 'one', { concurrency: 1, isReady: false, wakeUp: () => {} });
	const { rate } = join();
	join();
	rate.limited(rate.starts(0), 0);
	const probe = rate.starts(300);
	rate.accepted(probe, 1_300);
	const { startsAt } = rate;
	rate.starts(startsAt);
	expect(rate.startsAt - startsAt).toBe(500);
});

it('wakes the run whose turn it is, and not one that is not ready', () => {
	const clock = steppedClock();
	const woken: string[] = [];
	const join = (name: string, isReady: boolean) => {
		const sharer = { concurrency: 1, isReady, wakeUp: () => woken.push(name) };
		return { sharer, shared: SharedRate.join(clock, 'one', sharer) };
	};
	join('not ready', false);
	const ready = join('ready', true);
	const { sharer, shared } = join('last', true);
	expect([shared.isNext(sharer), woken]).toEqual([false, ['ready']]);
	expect(shared.isNext(ready.sharer)).toBe(true);
	shared.queueUp(ready.sharer);
	expect(shared.isNext(sharer)).toBe(true);
});
