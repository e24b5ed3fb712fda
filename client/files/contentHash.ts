import { createHash } from 'node:crypto';
import { unlessAborted } from '../timing/abort';
import { closeQuietly, openFile } from './openFile';
import type { FileReader, SourceFile } from './sourceFile';
import { Watchdog } from '../timing/watchdog';

/** Characters of a fingerprint's hash. Equal fingerprints only mean that contents are worth comparing. */
const FINGERPRINT_LENGTH = 16;

/** How many first bytes go into a fingerprint. Another number would invalidate the remembered ones. */
const FINGERPRINT_BYTES = 512;

/**
 * A file's length and a hash of its first bytes, known without reading all of it. Files with the same
 * content have the same fingerprint, and different files may have the same one, too.
 */
export function fingerprintOf(size: number, head: Buffer): string {
	const hash = createHash('sha256').update(head.subarray(0, FINGERPRINT_BYTES)).digest('base64');
	return `${size}-${hash.slice(0, FINGERPRINT_LENGTH)}`;
}

/**
 * The file, hashed while it is read for sending.
 *
 * @param onHash called with the SHA-256 (base64) each time the file was read to its end
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
			// If the file has grown, more bytes follow, and this is not its hash.
			if (left === 0 && count < target.length) onHash(hash.digest('base64'));
			return count;
		},
		close: () => reader.close(),
	};
}

/** The result of reading a file only for its hash. `stalled`: its storage doesn't respond. */
type HashResult = { hash: string } | { hash?: undefined; problem: 'unreadable' | 'stalled' };

/**
 * Reads a whole file only for its hash (SHA-256, base64).
 *
 * @param buffer memory to read into
 * @param timeoutMs how long each read may take
 * @throws the signal's reason if it is aborted
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
		return new Error('the read has stalled');
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
