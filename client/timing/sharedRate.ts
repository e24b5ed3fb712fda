import type { Clock } from './clock';
import { RequestRate, type Turn } from './requestRate';

/** A run that takes turns with others. */
export interface Sharer {
	/** Requests that it may have under way at a time. */
	readonly concurrency: number;
	/** One of its requests could start now, as far as the run itself is concerned. */
	readonly isReady: boolean;
	/** Looks again when its next request may start. */
	wakeUp(): void;
}

/** By what a service limits, such as an account. Times of different clocks can't be compared. */
const RATES = new WeakMap<Clock, Map<string, SharedRate>>();

/**
 * The rate of all runs in this process that use the same account at the same time. The service limits
 * them together, so each profits from what the others find out, and they take turns.
 */
export class SharedRate {
	readonly rate: RequestRate;
	/** Milliseconds of the clock. */
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

	/** @param limited names what the service limits */
	static join(clock: Clock, limited: string, sharer: Sharer): SharedRate {
		const rates = RATES.get(clock) ?? new Map<string, SharedRate>();
		RATES.set(clock, rates);
		const shared = rates.get(limited) ?? new SharedRate(clock, () => rates.delete(limited));
		rates.set(limited, shared);
		shared.sharers.push(sharer);
		return shared;
	}

	/** What was found out is forgotten with the last run: by the next one it may be wrong. */
	leave(sharer: Sharer): void {
		this.sharers = this.sharers.filter((each) => each !== sharer);
		if (this.sharers.length === 0) this.forget();
	}

	get size(): number {
		return this.sharers.length;
	}

	/** Whether it is this run's turn. If not, the run whose turn it is hears of it. */
	isNext(sharer: Sharer): boolean {
		const next = this.sharers.find((each) => each === sharer || each.isReady);
		if (!next || next === sharer) return true;
		next.wakeUp();
		return false;
	}

	/** Puts a run that has started a request behind the others, of which one is next now. */
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
