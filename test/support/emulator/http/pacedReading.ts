import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Timers aren't more precise than this. The next chunk makes up for a shorter wait. */
const SHORTEST_WAIT_MS = 2;

/** Reads so slowly that the kernel's buffers fill up and the sender has to wait. */
export function readAtMost(bytesPerSecond: number, source: Readable): Readable {
	return Readable.from(paced(bytesPerSecond, source), { objectMode: false });
}

async function* paced(bytesPerSecond: number, source: Readable): AsyncGenerator<Buffer> {
	const startedAt = performance.now();
	let bytes = 0;
	for await (const chunk of source as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		const wait = startedAt + (bytes / bytesPerSecond) * 1000 - performance.now();
		if (wait > SHORTEST_WAIT_MS) await sleep(wait);
		yield chunk;
	}
}
