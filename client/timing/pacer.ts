import type { Clock } from './clock';
import { RequestRate, type Turn } from './requestRate';

/** A request that waits for its turn, and what it has to prepare. */
interface Waiting {
	prepare: () => Promise<unknown>;
	grant: (turn: Turn, prepared: unknown) => void;
	refuse: (reason: unknown) => void;
}

interface PacerSettings {
	/** Undefined: no limit by the user. */
	requestsPerMinute: number | undefined;
	/** Maximum number of requests under way at a time. */
	concurrency: () => number;
}

/**
 * Decides when the next request of a run may start: no faster than the user allows, no faster than the
 * server accepts, and not before a time that the server has named. Requests start in the order in
 * which they came.
 */
export class Pacer {
	private readonly rate: RequestRate;
	private readonly intervalMs: number;
	private nextStart = 0;
	private readonly queue: Waiting[] = [];
	/** Ends the wait for the next turn, because it may be due earlier, or no request may start at all. */
	private wake = new AbortController();
	private isServing = false;

	/** @param signal if aborted, rejects all waiting requests with its reason */
	constructor(
		private readonly clock: Clock,
		{ requestsPerMinute, concurrency }: PacerSettings,
		private readonly signal: AbortSignal,
	) {
		this.intervalMs = requestsPerMinute ? 60_000 / requestsPerMinute : 0;
		this.rate = new RequestRate(() => clock.random(), concurrency);
		signal.addEventListener('abort', () => this.wake.abort(), { once: true });
	}

	/**
	 * Resolves when a request may start, with what `prepare` returned.
	 *
	 * @param prepare runs when the turn has come, so that its result is fresh. Other requests wait for it,
	 * so that it doesn't disturb the pace.
	 * @throws what `prepare` throws; the signal's reason if it is aborted
	 */
	async turn<T>(prepare: () => Promise<T>): Promise<{ turn: Turn; prepared: T }> {
		this.signal.throwIfAborted();
		return await new Promise((resolve, reject) => {
			const grant = (turn: Turn, prepared: unknown) => resolve({ turn, prepared: prepared as T });
			this.queue.push({ prepare, grant, refuse: reject });
			if (!this.isServing) void this.serve();
		});
	}

	/** Starts no request for so many milliseconds. */
	hold(milliseconds: number): void {
		this.rate.hold(this.clock.elapsed() + milliseconds);
	}

	/** Notes that the server accepted a request. */
	accepted(turn: Turn): void {
		this.rate.accepted(turn, this.clock.elapsed());
		this.wake.abort();
	}

	/** Notes that the server refused a request because of a rate limit, maybe with a time to wait. */
	limited(turn: Turn, retryAfterMs: number | undefined): void {
		this.rate.limited(turn, this.clock.elapsed(), retryAfterMs);
	}

	/** Notes that a request ended in a way that says nothing about the rate. */
	ended(): void {
		this.rate.ended();
	}

	private async serve(): Promise<void> {
		this.isServing = true;
		for (let next = this.queue[0]; next && !this.signal.aborted; next = this.queue[0]) {
			if (this.waitMs > 0) await this.wait(this.waitMs);
			else await this.serveOne(next);
		}
		for (const { refuse } of this.queue.splice(0)) refuse(this.signal.reason);
		this.isServing = false;
	}

	private async serveOne(next: Waiting): Promise<void> {
		try {
			const prepared = await next.prepare();
			// Meanwhile the server may have named a time to wait.
			if (this.waitMs > 0 || this.signal.aborted) return;
			const now = this.clock.elapsed();
			this.nextStart = now + this.intervalMs;
			this.queue.shift();
			next.grant(this.rate.starts(now), prepared);
		} catch (error) {
			this.queue.shift();
			next.refuse(error);
		}
	}

	private get waitMs(): number {
		return Math.max(this.nextStart, this.rate.startsAt) - this.clock.elapsed();
	}

	private async wait(milliseconds: number): Promise<void> {
		if (this.wake.signal.aborted) this.wake = new AbortController();
		await this.clock.sleep(milliseconds, this.wake.signal).catch(() => {});
	}
}
