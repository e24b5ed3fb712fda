import type { Clock } from '../../../../client/timing/clock';

/** Time stands still until everyone sleeps, and then jumps to the first wake-up. */
export function steppedClock(random: () => number = () => 0): Clock {
	let now = 1_000_000;
	const sleepers: { until: number; wake: () => void }[] = [];
	const step = () => {
		sleepers.sort((a, b) => a.until - b.until);
		const first = sleepers.shift();
		if (!first) return;
		now = Math.max(now, first.until);
		first.wake();
		setImmediate(step);
	};
	return {
		now: () => now,
		elapsed: () => now,
		random,
		sleep: (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				if (signal.aborted) return reject(signal.reason as Error);
				const wake = () => {
					signal.removeEventListener('abort', wake);
					if (signal.aborted) reject(signal.reason as Error);
					else resolve();
				};
				signal.addEventListener('abort', wake, { once: true });
				if (sleepers.push({ until: now + milliseconds, wake }) === 1) setImmediate(step);
			}),
	};
}
