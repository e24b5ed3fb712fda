import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Polls until there is a result. Throws an error if that takes too long. */
export async function until<T>(
	what: string,
	withinMs: number,
	ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
	const deadline = Date.now() + withinMs;
	for (;;) {
		const result = await ask();
		if (result !== undefined) return result;
		if (Date.now() > deadline) throw new Error(`Not within ${withinMs / 1_000} s: ${what}`);
		await sleep(POLL_MS);
	}
}
