import { setImmediate } from 'node:timers/promises';

/** How long the process may be blocked. */
const MAX_BLOCKED_MS = 50;

/**
 * Lets the rest of n8n work from time to time. Otherwise thousands of items whose files need no disk
 * would block timers, cancellation and other executions.
 */
export class Breather {
	private since = performance.now();

	async breathe(): Promise<void> {
		if (performance.now() - this.since < MAX_BLOCKED_MS) return;
		await setImmediate();
		this.since = performance.now();
	}
}
