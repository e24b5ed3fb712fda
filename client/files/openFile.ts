import { unlessAborted } from '../timing/abort';
import type { FileReader, SourceFile } from './sourceFile';

/** Opens a file. A storage that does not answer must not hold a canceled run back. */
export async function openFile(file: SourceFile, signal: AbortSignal): Promise<FileReader> {
	const opening = file.open(signal);
	try {
		return await unlessAborted(opening, signal);
	} catch (error) {
		void opening.then(async (reader) => await reader.close()).catch(() => {});
		throw error;
	}
}

/**
 * Closes a file, whatever comes of it: what was wanted of it has been read, or its failure is known
 * already.
 *
 * @param patienceMs how long to wait for a storage that does not answer
 */
export async function closeQuietly(reader: FileReader, patienceMs: number): Promise<void> {
	const closing = closingOf(reader);
	if (!closing) return;
	let timer: NodeJS.Timeout | undefined;
	const patience = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, patienceMs);
	});
	await Promise.race([closing, patience]);
	clearTimeout(timer);
}

/** Undefined: it is closed already. */
function closingOf(reader: FileReader): Promise<void> | undefined {
	try {
		return reader.close()?.catch(() => {});
	} catch {
		return undefined;
	}
}
