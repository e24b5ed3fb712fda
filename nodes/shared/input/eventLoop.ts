import { setImmediate } from 'node:timers/promises';

/** Milliseconds for which the process may be blocked. */
const AT_A_STRETCH_MS = 50;

/**
 * Yields to the rest of n8n now and then. Otherwise thousands of items whose files need no disk would
 * be processed in one go, without timers, cancellation or other executions in between.
 */
export class Breather {
	private since = performance.now();

	async breathe(): Promise<void> {
		if (performance.now() - this.since < AT_A_STRETCH_MS) return;
		await setImmediate();
		this.since = performance.now();
	}
}
