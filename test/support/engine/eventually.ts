import { setTimeout as sleep } from 'node:timers/promises';

/** For what another socket or process notices a moment later. */
export async function eventually(check: () => void, withinMs = 2_000): Promise<void> {
	const end = Date.now() + withinMs;
	for (;;) {
		try {
			check();
			return;
		} catch (error) {
			if (Date.now() > end) throw error;
			await sleep(10);
		}
	}
}
