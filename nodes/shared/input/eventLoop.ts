import { setImmediate } from 'node:timers/promises';

/** Milliseconds for which nobody else waits long. */
const AT_A_STRETCH_MS = 50;

/**
 * Lets the rest of n8n have its turn now and then: thousands of items whose files need no disk would
 * otherwise be looked at in one go, without a timer, a cancel or another execution in between.
 */
export class Breather {
	private since = performance.now();

	async breathe(): Promise<void> {
		if (performance.now() - this.since < AT_A_STRETCH_MS) return;
		await setImmediate();
		this.since = performance.now();
	}
}
