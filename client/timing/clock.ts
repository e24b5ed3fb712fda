import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance as the client sees them; tests put their own in place. */
export interface Clock {
	/** Milliseconds since 1970, for dates. Somebody may set this clock while a run goes on. */
	now(): number;
	/** Milliseconds since some moment, for durations: it only goes forward, whatever is set. */
	elapsed(): number;
	/** Waits; rejects with the signal's reason as soon as it is aborted. */
	sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
	/** At least 0, below 1. */
	random(): number;
}

/** Longest delay of Node's timers, in milliseconds: a longer one would fire at once. */
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
