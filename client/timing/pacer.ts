import type { Clock } from './clock';

/** Decides when the next request of a run may go out, whichever batch it belongs to. */
export class Pacer {
	private heldUntil = 0;
	private nextSlot = 0;
	private readonly intervalMs: number;

	/** @param requestsPerMinute undefined: as fast as answers come */
	constructor(
		private readonly clock: Clock,
		requestsPerMinute: number | undefined,
	) {
		this.intervalMs = requestsPerMinute ? 60_000 / requestsPerMinute : 0;
	}

	/** Lets no request of the run start for so many milliseconds. */
	hold(milliseconds: number): void {
		this.heldUntil = Math.max(this.heldUntil, this.clock.now() + milliseconds);
	}

	/** Resolves when nothing is held back any more; rejects with the signal's reason when that is aborted. */
	async released(signal: AbortSignal): Promise<void> {
		for (;;) {
			signal.throwIfAborted();
			const wait = this.heldUntil - this.clock.now();
			if (wait <= 0) return;
			await this.clock.sleep(wait, signal);
		}
	}

	/** Resolves when a request may start; rejects with the signal's reason when that is aborted. */
	async turn(signal: AbortSignal): Promise<void> {
		for (;;) {
			signal.throwIfAborted();
			const now = this.clock.now();
			const start = Math.max(this.heldUntil, this.nextSlot);
			if (start <= now) {
				this.nextSlot = now + this.intervalMs;
				return;
			}
			await this.clock.sleep(start - now, signal);
		}
	}
}
