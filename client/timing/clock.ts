import { setTimeout as sleep } from 'node:timers/promises';

/** Time and randomness. Tests use a clock of their own. */
export interface Clock {
	/** Milliseconds since 1970, for dates. This clock may be set while a run goes on. */
	now(): number;
	/** Milliseconds of a monotonic clock, for durations. */
	elapsed(): number;
	/** Waits. Rejects with the signal's reason as soon as it is aborted. */
	sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
	/** At least 0, below 1. */
	random(): number;
}

/** The longest delay of Node's timers: a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const SYSTEM_CLOCK: Clock = {
	now: () => Date.now(),
	elapsed: () => performance.now(),
	sleep: async (milliseconds, signal) => {
		try {
			for (let left = milliseconds; left > 0; left -= MAX_TIMER_MS) {
				await sleep(Math.min(left, MAX_TIMER_MS), undefined, { signal });
			}
		} catch (error) {
			throw signal.aborted ? signal.reason : error;
		}
	},
	random: () => Math.random(),
};
