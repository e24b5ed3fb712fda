import type { Clock } from './clock';
import type { Turn } from './requestRate';
import { SharedRate, type Sharer } from './sharedRate';

/** How long a run waits for another run whose turn it is. */
const YIELD_MS = 10;

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
	/** Names what the service limits. Runs with the same name at the same time share its rate. */
	limited: string;
}

/**
 * Decides when the next request of a run may start: no faster than the user allows, no faster than the
 * server accepts, and not before a time that the server has named. Requests start in the order in
 * which they came.
 */
export class Pacer implements Sharer {
	private readonly shared: SharedRate;
	private readonly intervalMs: number;
	private nextStart = 0;
	private readonly queue: Waiting[] = [];
	/** Ends the wait for the next turn, because it may be due earlier, or no request may start at all. */
	private wake = new AbortController();
	private isServing = false;
	private isPreparing = false;

	/** @param signal if aborted, rejects all waiting requests with its reason */
	constructor(
		private readonly clock: Clock,
		private readonly settings: PacerSettings,
		private readonly signal: AbortSignal,
	) {
		const { requestsPerMinute, limited } = settings;
		this.intervalMs = requestsPerMinute ? 60_000 / requestsPerMinute : 0;
		this.shared = SharedRate.join(clock, limited, this);
		signal.addEventListener('abort', () => this.wakeUp(), { once: true });
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

	/** Leaves the shared rate. */
	close(): void {
		this.shared.leave(this);
	}

	/** Runs that share the rate, this one included. */
	get sharers(): number {
		return this.shared.size;
	}

	/** When a request of one of these runs was last accepted. */
	get lastAccepted(): number {
		return this.shared.lastAccepted;
	}

	get concurrency(): number {
		return this.settings.concurrency();
	}

	get isReady(): boolean {
		const isWaiting = this.queue.length > 0 && !this.isPreparing && !this.signal.aborted;
		return isWaiting && this.nextStart <= this.clock.elapsed();
	}

	wakeUp(): void {
		this.wake.abort();
	}

	/** Starts no request for so many milliseconds. */
	hold(milliseconds: number): void {
		this.rate.hold(this.clock.elapsed() + milliseconds);
	}

	/** Notes that the server accepted a request. */
	accepted(turn: Turn): void {
		this.shared.accepted(turn, this.clock.elapsed());
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
			else if (!this.shared.isNext(this)) await this.wait(YIELD_MS);
			else await this.serveOne(next);
		}
		for (const { refuse } of this.queue.splice(0)) refuse(this.signal.reason);
		this.isServing = false;
	}

	private async serveOne(next: Waiting): Promise<void> {
		this.isPreparing = true;
		try {
			const prepared = await next.prepare();
			// Meanwhile the server may have named a time to wait.
			if (this.waitMs > 0 || this.signal.aborted) return;
			const now = this.clock.elapsed();
			this.nextStart = now + this.intervalMs;
			this.queue.shift();
			this.shared.queueUp(this);
			next.grant(this.rate.starts(now), prepared);
		} catch (error) {
			this.queue.shift();
			next.refuse(error);
		} finally {
			this.isPreparing = false;
		}
	}

	private get rate() {
		return this.shared.rate;
	}

	private get waitMs(): number {
		return Math.max(this.nextStart, this.rate.startsAt) - this.clock.elapsed();
	}

	private async wait(milliseconds: number): Promise<void> {
		if (this.wake.signal.aborted) this.wake = new AbortController();
		await this.clock.sleep(milliseconds, this.wake.signal).catch(() => {});
	}
}
