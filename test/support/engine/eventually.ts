import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a check until it passes, for effects on other sockets or processes that take a moment. */
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
