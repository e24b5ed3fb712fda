import { unlessAborted } from '../timing/abort';
import { settledWithin } from '../timing/patience';
import type { FileReader, SourceFile } from './sourceFile';

/** How long to wait for a file to close: its storage may not respond. */
const CLOSE_PATIENCE_MS = 1_000;

/** Opens a file. A storage that doesn't respond must not hold back a canceled run. */
export async function openFile(file: SourceFile, signal: AbortSignal): Promise<FileReader> {
	const opening = file.open(signal);
	try {
		return await unlessAborted(opening, signal);
	} catch (error) {
		void opening.then(async (reader) => await reader.close()).catch(() => {});
		throw error;
	}
}

/** Closes a file. A failure doesn't matter: the file has been read, or has failed already. */
export async function closeQuietly(reader: FileReader): Promise<void> {
	try {
		const closing = reader.close();
		if (closing) await settledWithin(closing, CLOSE_PATIENCE_MS);
	} catch {
		// It is closed, or can't be closed.
	}
}
