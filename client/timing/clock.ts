import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance as the client sees them; tests put their own in place. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Waits; rejects with the signal's reason as soon as it is aborted. */
	sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
	/** At least 0, below 1. */
	random(): number;
}

export const SYSTEM_CLOCK: Clock = {
	now: () => Date.now(),
	sleep: async (milliseconds, signal) => {
		try {
			await sleep(milliseconds, undefined, { signal });
		} catch (error) {
			throw signal.aborted ? signal.reason : error;
		}
	},
	random: () => Math.random(),
};
