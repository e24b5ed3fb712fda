import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Polls until there is a result, and throws after a while. */
export async function until<T>(
	what: string,
	withinMs: number,
	ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
	const deadline = Date.now() + withinMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() > deadline) throw new Error(`Not within ${withinMs / 1_000} s: ${what}`);
		await sleep(POLL_MS);
	}
}
