/** Wait after the first refusal for the rate, in milliseconds; doubles until a request is taken. */
const SEARCH_BASE_MS = 270;
/** Longest wait of that search, and longest interval of a run that has hardly been taken yet. */
const SEARCH_CAP_MS = 10_000;

/** Pacing starts with this share of the wait that was long enough, because the wait doubled each time. */
const FIRST_SHARE = 0.23;
/** After so many accepted requests a run knows its rate before the first refusal, and starts from it. */
const MIN_FREE = 10;
/** That rate includes the server's burst, so the interval is at least this share of the wait. */
const MIN_FREE_SHARE = 0.04;
/** Growth of a run that starts from such a rate. */
const GROWTH_AFTER_FREE = 0.22;
/** How much faster a paced run becomes with each accepted request, at first. */
const GROWTH_START = 0.55;
/** The same right after a refusal. It doubles with each request once the run has been calm for a while. */
const GROWTH_MIN = 0.014;
const GROWTH_MAX = 0.95;
/** The growth doubles after so many accepted requests without a refusal. */
const CALM_AFTER = 3;
/** Growth above which only requests count that were sent after the last change: one step per round trip. */
const GROWTH_PER_TRIP = 0.14;
/** How much slower a refusal makes a paced run, and how far above the last interval that worked. */
const SLOWDOWN = 1.13;
const STEP_BACK = 1.1;
/**
 * If a run is refused this often in a row after so few accepted requests, other runs use up the limit.
 * It then grows faster, or it would leave the limit to them.
 */
const STARVED_AFTER = 2;
const STARVED_STREAK = 4;
const GROWTH_STARVED = 0.43;
/** Share of the interval after which a request that was refused for the rate is tried again. */
const RETRY_SHARE = 0.75;
/** How fast a run returns to the best rate it has had, to which share of it, and how that fades. */
const RETURN_SPEED = 0.4;
const RETURN_TO = 0.87;
const BEST_FADES = 0.6;
/** A refusal that costs a long wait makes growth more careful, up to this factor. */
const MAX_PRICE = 32;
/** The accepted rate is measured over so many requests. */
const MEASURED = 8;
/** No interval is longer than this multiple of the best one measured: others may have stopped meanwhile. */
const MAX_SLOWER = 1.6;

/** What is known of a request's turn when its response comes. */
export interface Turn {
	readonly at: number;
	readonly intervalMs: number;
	readonly previousMs: number;
	/** It had to wait for its turn, so the interval is what bounds the rate. */
	readonly isPaced: boolean;
}

/**
 * Finds the rate at which a server takes requests that limits them without saying how: it slows
 * down when a request is refused for the rate (429), and speeds up again while requests are taken.
 * The models are the AWS SDKs' adaptive retry mode and TCP's CUBIC. Until the first such refusal
 * requests start as fast as responses come. test/support/rateSimulation.ts has the
 * limits, latencies and concurrencies that it is tuned for.
 *
 * All times are in milliseconds of a clock that only goes forward.
 */
export class RequestRate {
	private state: 'free' | 'searching' | 'paced' = 'free';
	private nextStart = 0;
	private heldUntil = 0;
	private intervalMs = 0;
	private previousMs = 0;
	private searchMs = SEARCH_BASE_MS;
	private growth = GROWTH_START;
	private calm = 0;
	/** Paced requests taken before the first of the last refusals in a row. */
	private streak = 0;
	private price = 1;
	private isFirstClimb = true;
	/** Requests per millisecond. */
	private best = 0;
	private measured = 0;
	private readonly taken: number[] = [];
	private slowedAt = -1;
	private grewAt = -1;
	private lastRefused = -1;
	/** When the refused request was sent that ended the time without a limit. */
	private limitedAt = 0;
	private refusals = 0;
	/** When the first request started, and how many were accepted since. */
	private firstAt: number | undefined;
	private acceptedSoFar = 0;
	private underWay = 0;
	private tripMs = 0;

	/**
	 * @param random at least 0, below 1: so that runs that share a limit don't keep in step
	 * @param concurrency requests under way at a time, at most: no pace is faster than they allow
	 */
	constructor(
		private readonly random: () => number,
		private readonly concurrency: () => number,
	) {}

	/** When the next request may start. */
	get startsAt(): number {
		return Math.max(this.heldUntil, this.nextStart);
	}

	/** Lets no request start before a time that the server has named. */
	hold(until: number): void {
		this.heldUntil = Math.max(this.heldUntil, until);
	}

	starts(now: number): Turn {
		const isPaced = now - this.nextStart < this.intervalMs / 2;
		const turn = { at: now, intervalMs: this.intervalMs, previousMs: this.previousMs, isPaced };
		this.underWay++;
		this.firstAt ??= now;
		if (this.state === 'searching') {
			this.nextStart = now + this.jitter(this.searchMs);
			this.searchMs = Math.min(this.searchMs * 2, SEARCH_CAP_MS);
		} else {
			this.nextStart = Math.max(now, this.nextStart) + this.intervalMs;
		}
		return turn;
	}

	/** The request has ended without a word about the rate. */
	ended(): void {
		this.underWay--;
	}

	/** The server has taken the request. */
	accepted({ at, isPaced }: Turn, now: number): void {
		this.underWay--;
		this.tripMs = this.tripMs === 0 ? now - at : 0.8 * this.tripMs + 0.2 * (now - at);
		this.acceptedSoFar++;
		if (this.state === 'free') return;
		this.measure(at);
		if (at > this.lastRefused) this.refusals = 0;
		if (at <= this.slowedAt) return;
		if (this.state === 'searching') this.startPacing(at, now);
		else if (isPaced && !(this.growth > GROWTH_PER_TRIP && at < this.grewAt)) this.speedUp(now);
	}

	/**
	 * The server has refused the request because of the rate.
	 *
	 * @param retryAfterMs what it said to wait
	 */
	limited(turn: Turn, now: number, retryAfterMs = 0): void {
		this.underWay--;
		this.lastRefused = Math.max(this.lastRefused, turn.at);
		this.hold(now + retryAfterMs);
		// Requests that were under way together are refused together, and slow the run down once.
		if (turn.at <= this.slowedAt || this.state === 'searching') return;
		this.slowedAt = now;
		if (this.state === 'free') {
			this.state = 'searching';
			this.limitedAt = turn.at;
			this.nextStart = now + this.searchMs;
			this.searchMs *= 2;
		} else {
			this.slowDown(turn, now, retryAfterMs);
		}
	}

	/** Starts from the wait that has just been long enough, or from the rate before the refusal. */
	private startPacing(at: number, now: number): void {
		this.state = 'paced';
		// The refused request's own time is no part of the wait.
		const waitedMs = at - this.limitedAt - (now - at);
		this.previousMs = Math.min(Math.max(SEARCH_BASE_MS, waitedMs), 2 * SEARCH_CAP_MS);
		const shareMs = this.previousMs * FIRST_SHARE;
		const freeMs = Math.max(this.intervalBefore(at), this.previousMs * MIN_FREE_SHARE);
		if (freeMs < shareMs) {
			this.growth = GROWTH_AFTER_FREE;
			this.isFirstClimb = false;
		}
		this.pace(Math.min(freeMs, shareMs), now);
		this.calm = CALM_AFTER;
		this.grewAt = now;
	}

	/** Between the requests that were taken until now, on average; infinite for too few of them. */
	private intervalBefore(at: number): number {
		if (this.acceptedSoFar < MIN_FREE) return Infinity;
		return (at - (this.firstAt as number)) / this.acceptedSoFar;
	}

	private speedUp(now: number): void {
		const max = this.isFirstClimb ? GROWTH_START : GROWTH_MAX;
		if (++this.calm > CALM_AFTER * this.price) this.growth = Math.min(max, this.growth * 2);
		const rate = 1 / this.intervalMs;
		const aim = this.best * RETURN_TO;
		this.previousMs = this.intervalMs;
		const wanted = Math.max(rate * (1 + this.growth), rate + (aim - rate) * RETURN_SPEED);
		this.pace(1 / wanted, now);
		this.grewAt = now;
	}

	private slowDown(turn: Turn, now: number, retryAfterMs: number): void {
		const isFirst = ++this.refusals === 1;
		if (isFirst) this.streak = this.calm;
		this.best = Math.max(this.best * BEST_FADES, isFirst ? 1 / this.previousMs : 0);
		const worked = Math.min(turn.previousMs * STEP_BACK, turn.intervalMs * 2.1);
		const sustained = Math.min(0.8 * this.averageMs, this.intervalMs * 2);
		const slower = Math.max(this.intervalMs * SLOWDOWN, worked, sustained);
		const slowest = Math.max(SEARCH_CAP_MS, this.measured > 0 ? MAX_SLOWER / this.measured : 0);
		this.intervalMs = Math.min(slower, slowest);
		this.previousMs = this.intervalMs;
		this.isFirstClimb = false;
		const isStarved = this.refusals >= STARVED_AFTER && this.streak <= STARVED_STREAK;
		this.calm = isStarved ? CALM_AFTER : 0;
		this.price = Math.min(MAX_PRICE, 1 + (retryAfterMs + now - turn.at) / this.intervalMs);
		this.growth = isStarved ? GROWTH_STARVED : GROWTH_MIN / this.price;
		const retryMs = this.intervalMs * RETRY_SHARE;
		this.nextStart =
			this.underWay > 0
				? Math.max(this.nextStart, now + retryMs)
				: Math.max(
						this.heldUntil,
						now + this.jitter(retryMs) * Math.min(4, 2 ** (this.refusals - 1)),
					);
	}

	private pace(wantedMs: number, now: number): void {
		this.intervalMs = Math.max(wantedMs, this.tripMs / this.concurrency());
		this.nextStart = Math.max(now, Math.min(this.nextStart, now + this.intervalMs));
	}

	private measure(at: number): void {
		this.taken.push(at);
		if (this.taken.length <= MEASURED) return;
		const first = this.taken.shift() as number;
		this.measured = Math.max(this.measured, MEASURED / (at - first));
	}

	/** Between the last requests that were taken; 0 for too few of them. */
	private get averageMs(): number {
		const { taken } = this;
		if (taken.length < 3) return 0;
		return ((taken.at(-1) as number) - (taken[0] as number)) / (taken.length - 1);
	}

	private jitter(milliseconds: number): number {
		return milliseconds * (0.75 + this.random() / 2);
	}
}
