import type { Clock } from '../../../client/timing/clock';

interface VirtualClock extends Clock {
	/** All waits in milliseconds, in order. */
	waits: number[];
}

/** A clock on which waiting takes no time. Real time is added to it. */
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
			// Others may have waited for the same time.
			skipped += Math.max(0, until - elapsed());
		},
	};
}
