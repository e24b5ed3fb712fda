import type { Clock } from './clock';
import { RequestRate, type Turn } from './requestRate';

/** Somebody who waits for a turn, and what has to be ready when it comes. */
interface Waiting {
	prepare: () => Promise<unknown>;
	grant: (turn: Turn, prepared: unknown) => void;
	refuse: (reason: unknown) => void;
}

export interface PacerSettings {
	/** Undefined: as fast as responses come. */
	requestsPerMinute: number | undefined;
	/** Requests under way at a time, at most. */
	concurrency: () => number;
}

/**
 * Decides when the next request of a run may start, whichever batch it belongs to: no faster than the
 * user says, no faster than the server bears, and not before a time that the server has named.
 * Requests get their turns in the order in which they asked for them.
 */
export class Pacer {
	private readonly rate: RequestRate;
	private readonly intervalMs: number;
	private nextStart = 0;
	private readonly queue: Waiting[] = [];
	/** Ends the wait for the next turn, because that may be due earlier, or nobody may start any more. */
	private wake = new AbortController();
	private isServing = false;

	/** @param signal rejects all that wait with its reason when it is aborted */
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
	 * Resolves when a request may start, with what it needs for that.
	 *
	 * @param prepare run when the turn has come, so that what it gives is fresh, and that waiting for it
	 * blurs no pace: others get their turns after it
	 * @throws what `prepare` throws; the signal's reason when that is aborted
	 */
	async turn<T>(prepare: () => Promise<T>): Promise<{ turn: Turn; prepared: T }> {
		this.signal.throwIfAborted();
		return await new Promise((resolve, reject) => {
			const grant = (turn: Turn, prepared: unknown) => resolve({ turn, prepared: prepared as T });
			this.queue.push({ prepare, grant, refuse: reject });
			if (!this.isServing) void this.serve();
		});
	}

	/** Lets no request start for so many milliseconds. */
	hold(milliseconds: number): void {
		this.rate.hold(this.clock.elapsed() + milliseconds);
	}

	/** The server has taken the request and answered it. */
	accepted(turn: Turn): void {
		this.rate.accepted(turn, this.clock.elapsed());
		this.wake.abort();
	}

	/** The server has refused the request because of the rate, and may have said how long to wait. */
	limited(turn: Turn, retryAfterMs: number | undefined): void {
		this.rate.limited(turn, this.clock.elapsed(), retryAfterMs);
	}

	/** The request has ended in a way that says nothing about the rate. */
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
			// Meanwhile the server may have asked to wait.
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
