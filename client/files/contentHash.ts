import { createHash } from 'node:crypto';
import { unlessAborted } from '../timing/abort';
import { closeQuietly, openFile } from './openFile';
import type { FileReader, SourceFile } from './sourceFile';
import { Watchdog } from '../timing/watchdog';

/** Letters of a fingerprint's hash. Equal fingerprints only mean that the contents are worth comparing. */
const FINGERPRINT_LENGTH = 16;

/** First bytes of a file that its fingerprint is made of. More would change those that are remembered. */
const FINGERPRINT_BYTES = 512;

/**
 * What files of the same content have in common, known without reading them whole: length and
 * first bytes. Files that differ may share it, too.
 */
export function fingerprintOf(size: number, head: Buffer): string {
	const hash = createHash('sha256').update(head.subarray(0, FINGERPRINT_BYTES)).digest('base64');
	return `${size}-${hash.slice(0, FINGERPRINT_LENGTH)}`;
}

/**
 * The file, hashed while it is read for sending.
 *
 * @param onHash told the SHA-256 (base64) each time it has been read to its end
 */
export function hashedWhileRead(file: SourceFile, onHash: (hash: string) => void): SourceFile {
	return {
		...file,
		open: async (signal) => {
			const reader = await file.open(signal);
			return hashingReader(reader, file.size, onHash);
		},
	};
}

function hashingReader(
	reader: FileReader,
	size: number,
	onHash: (hash: string) => void,
): FileReader {
	const hash = createHash('sha256');
	let left = size;
	return {
		async read(target) {
			const count = await reader.read(target);
			hash.update(target.subarray(0, count));
			left -= count;
			// A file that has grown is read on; its hash must not be taken for that of its beginning.
			if (left === 0 && count < target.length) onHash(hash.digest('base64'));
			return count;
		},
		close: () => reader.close(),
	};
}

/** The result of reading a file only for its hash. `stalled`: its storage doesn't respond. */
type HashResult = { hash: string } | { hash?: undefined; problem: 'unreadable' | 'stalled' };

/**
 * Reads a file to its end for nothing but its hash (SHA-256, base64).
 *
 * @param buffer memory to read into
 * @param timeoutMs milliseconds in which each read has to give something
 * @throws the signal's reason when that is aborted
 */
export async function hashOf(
	file: SourceFile,
	buffer: Buffer,
	{ signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<HashResult> {
	let hash: string | undefined;
	let hasStalled = false;
	const watchdog = new Watchdog(signal, timeoutMs, () => {
		hasStalled = true;
		return new Error('the file stands still');
	});
	try {
		const reader = await openFile(
			hashedWhileRead(file, (found) => (hash = found)),
			watchdog.signal,
		);
		try {
			while ((await readOnce(reader, buffer, watchdog.signal)) === buffer.length) {
				watchdog.progress();
			}
		} finally {
			await closeQuietly(reader);
		}
	} catch {
		signal.throwIfAborted();
	} finally {
		watchdog.dispose();
	}
	return hash === undefined ? { problem: hasStalled ? 'stalled' : 'unreadable' } : { hash };
}

async function readOnce(reader: FileReader, target: Buffer, signal: AbortSignal): Promise<number> {
	return await unlessAborted(Promise.resolve(reader.read(target)), signal);
}
