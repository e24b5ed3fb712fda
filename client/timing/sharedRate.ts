import type { Clock } from './clock';
import { RequestRate, type Turn } from './requestRate';

/** A run that takes turns with others. */
export interface Sharer {
	/** Requests that it may have under way at a time. */
	readonly concurrency: number;
	/** One of its requests could start now, as far as the run itself is concerned. */
	readonly isReady: boolean;
	/** Makes it check again when its next request may start. */
	wakeUp(): void;
}

/** The rates in use, by clock, because times of different clocks can't be compared, and by what they limit. */
const RATES = new WeakMap<Clock, Map<string, SharedRate>>();

/**
 * The rate of all runs in this process that use the same account at the same time. The service limits
 * them together, so they share what they find out, and take turns.
 */
export class SharedRate {
	readonly rate: RequestRate;
	/** When a request was last accepted, in milliseconds of the clock. */
	lastAccepted = -Infinity;
	/** The run whose last request started longest ago comes first. */
	private sharers: Sharer[] = [];

	private constructor(
		clock: Clock,
		private readonly forget: () => void,
	) {
		const concurrency = () => this.sharers.reduce((sum, each) => sum + each.concurrency, 0);
		this.rate = new RequestRate(() => clock.random(), concurrency);
	}

	/** @param limited names what the service limits, such as an account */
	static join(clock: Clock, limited: string, sharer: Sharer): SharedRate {
		const rates = RATES.get(clock) ?? new Map<string, SharedRate>();
		RATES.set(clock, rates);
		const shared = rates.get(limited) ?? new SharedRate(clock, () => rates.delete(limited));
		rates.set(limited, shared);
		shared.sharers.push(sharer);
		return shared;
	}

	/** The rate is forgotten when the last run leaves, because it may be wrong by the time of the next run. */
	leave(sharer: Sharer): void {
		this.sharers = this.sharers.filter((each) => each !== sharer);
		if (this.sharers.length === 0) this.forget();
	}

	get size(): number {
		return this.sharers.length;
	}

	/** Whether it is this run's turn. If not, wakes the run whose turn it is. */
	isNext(sharer: Sharer): boolean {
		const next = this.sharers.find((each) => each === sharer || each.isReady);
		if (!next || next === sharer) return true;
		next.wakeUp();
		return false;
	}

	/** Puts a run that starts a request behind the others, and wakes them, because one of them is next. */
	queueUp(sharer: Sharer): void {
		const others = this.sharers.filter((each) => each !== sharer);
		this.sharers = [...others, sharer];
		for (const other of others) other.wakeUp();
	}

	accepted(turn: Turn, now: number): void {
		this.rate.accepted(turn, now);
		this.lastAccepted = now;
		// All may start earlier now.
		for (const sharer of this.sharers) sharer.wakeUp();
	}
}
