import type { Clock } from '../../../client/timing/clock';

export interface VirtualClock extends Clock {
	/** Milliseconds of all waits, in their order. */
	waits: number[];
}

/** A clock on which waiting takes no time; the clock on the wall goes on beside it. */
export function virtualClock(random: () => number = () => 0.5): VirtualClock {
	let skipped = 0;
	const waits: number[] = [];
	const elapsed = () => performance.now() + skipped;
	return {
		waits,
		now: () => Date.now() + skipped,
		elapsed,
		random,
		async sleep(milliseconds, signal) {
			const until = elapsed() + milliseconds;
			waits.push(milliseconds);
			await new Promise((resolve) => setImmediate(resolve));
			signal.throwIfAborted();
			// Others may have slept through the same time.
			skipped += Math.max(0, until - elapsed());
		},
	};
}
