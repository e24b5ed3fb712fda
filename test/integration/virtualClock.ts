import type { Clock } from '../../client/timing/clock';

export interface VirtualClock extends Clock {
	/** Milliseconds of all waits, in their order. */
	waits: number[];
}

/** A clock on which waiting takes no time; the clock on the wall goes on beside it. */
export function virtualClock(random: () => number = () => 0.5): VirtualClock {
	let skipped = 0;
	const waits: number[] = [];
	return {
		waits,
		now: () => Date.now() + skipped,
		random,
		async sleep(milliseconds, signal) {
			const until = Date.now() + skipped + milliseconds;
			waits.push(milliseconds);
			await new Promise((resolve) => setImmediate(resolve));
			signal.throwIfAborted();
			// Others may have slept through the same time.
			skipped = Math.max(skipped, until - Date.now());
		},
	};
}
