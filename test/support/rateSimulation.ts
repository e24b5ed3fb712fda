import { MAX_UNTRIED } from '../../client/sending/runContext';
import { RequestRate, type Turn } from '../../client/timing/requestRate';

/** Milliseconds until the server accepts another request; undefined if it has accepted this one. */
export type Limiter = (now: number) => number | undefined;

/** A token bucket, like nginx's `limit_req` and most gateways. */
export function tokenBucket(perSecond: number, burst: number): Limiter {
	let tokens = burst;
	let filledAt = 0;
	return (now) => {
		tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond);
		filledAt = now;
		if (tokens < 1 - 1e-9) return ((1 - tokens) / perSecond) * 1_000;
		tokens -= 1;
		return undefined;
	};
}

/** A number of requests per window of the clock. */
export function fixedWindow(requests: number, windowMs: number): Limiter {
	let current = -1;
	let taken = 0;
	return (now) => {
		const window = Math.floor(now / windowMs);
		if (window !== current) [current, taken] = [window, 0];
		if (taken >= requests) return (window + 1) * windowMs - now;
		taken++;
		return undefined;
	};
}

export interface Setting {
	limiter: () => Limiter;
	concurrency: number;
	/** From a request to its response, whether it is accepted or refused. */
	latencyMs: number;
	/** Whether the server says how long to wait, in whole seconds. */
	saysWhen: boolean;
	/** The number of runs that share the limit. */
	runs?: number;
	/** Whether they also share what they learn, like runs in one process. */
	inOneProcess?: boolean;
	batches?: number;
	seed?: number;
}

export interface Result {
	seconds: number;
	requests: number;
	answered: number;
}

const BATCHES = 100;
/** A token bucket knows the time to the microsecond, but a client doesn't. */
const TICK_MS = 0.01;

/** Sends batches to a server with a limit, in virtual time and by the rules of `RequestRate`. */
export function simulate(setting: Setting): Result {
	const { limiter, runs = 1, inOneProcess = false, seed = 1 } = setting;
	const events = new Events();
	const random = randomOf(seed);
	const result = { seconds: 0, requests: 0, answered: 0 };
	const world: World = { events, random, takes: limiter(), result };
	const together = inOneProcess ? runs : 1;
	for (let run = 0; run < runs; run += together) simulateProcess(setting, world, together);
	events.runAll();
	return result;
}

interface World {
	events: Events;
	random: () => number;
	takes: Limiter;
	result: Result;
}

interface Run {
	left: number;
	underWay: number;
	answered: number;
}

/** Simulates runs that share their rate and take turns. */
function simulateProcess(setting: Setting, world: World, runs: number): void {
	const { concurrency, latencyMs, saysWhen, batches = BATCHES } = setting;
	const { events, random, takes, result } = world;
	const rate = new RequestRate(random, () => concurrency * runs);
	/** The run whose last request started first comes first. */
	const waiting: Run[] = Array.from({ length: runs }, () => ({
		left: batches,
		underWay: 0,
		answered: 0,
	}));
	let wakesAt = Infinity;

	const mayStart = ({ left, underWay, answered }: Run) =>
		left > 0 && underWay < Math.min(concurrency, MAX_UNTRIED + answered);
	const startAll = () => {
		for (let next = waiting.find(mayStart); next; next = waiting.find(mayStart)) {
			if (rate.startsAt > events.now) return wake(rate.startsAt);
			waiting.push(...waiting.splice(waiting.indexOf(next), 1));
			next.left--;
			next.underWay++;
			result.requests++;
			send(next, rate.starts(events.now));
		}
	};
	const wake = (at: number) => {
		if (at >= wakesAt && wakesAt > events.now) return;
		wakesAt = at;
		events.at(at, () => {
			wakesAt = Infinity;
			startAll();
		});
	};
	const send = (run: Run, turn: Turn) => {
		const endsAt = events.now + latencyMs * (1 + 0.1 * random());
		events.at(events.now + Math.min(5, latencyMs / 4), () => {
			const waitMs = takes(events.now);
			events.at(endsAt, () => end(run, turn, waitMs));
		});
	};
	const end = (run: Run, turn: Turn, waitMs: number | undefined) => {
		run.underWay--;
		if (waitMs === undefined) {
			run.answered++;
			result.answered++;
			result.seconds = Math.max(result.seconds, events.now / 1_000);
			rate.accepted(turn, events.now);
		} else {
			run.left++;
			rate.limited(turn, events.now, saysWhen ? Math.ceil(waitMs / 1_000) * 1_000 : 0);
		}
		startAll();
	};
	events.at(0, startAll);
}

/** How long the same batches take if the client knows the limit, so that no request is refused. */
export function bestSeconds(setting: Setting): number {
	const { limiter, concurrency, latencyMs, runs = 1, batches = BATCHES } = setting;
	const takes = limiter();
	const ends: number[] = [];
	let now = 0;
	let answered = 0;
	for (let sent = 0; sent < batches * runs;) {
		for (; (ends[0] ?? Infinity) <= now; answered++) ends.shift();
		const allowed = Math.min(concurrency, MAX_UNTRIED + answered / runs) * runs;
		if (ends.length >= allowed) {
			now = ends[0] as number;
			continue;
		}
		const waitMs = takes(now);
		if (waitMs === undefined) {
			ends.push(now + latencyMs * 1.05);
			sent++;
		} else {
			now += waitMs + TICK_MS;
		}
	}
	return (ends.at(-1) as number) / 1_000;
}

/** Events in virtual time, in their order. */
class Events {
	now = 0;
	private readonly pending: { time: number; run: () => void }[] = [];

	at(time: number, run: () => void): void {
		let index = this.pending.length;
		while (index > 0 && (this.pending[index - 1] as { time: number }).time > time) index--;
		this.pending.splice(index, 0, { time, run });
	}

	runAll(): void {
		for (let event = this.pending.shift(); event; event = this.pending.shift()) {
			this.now = event.time;
			event.run();
		}
	}
}

/** Gives the same numbers each time, so that a table can be reproduced. */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return state / 2_147_483_648;
	};
}
