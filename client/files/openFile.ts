import { unlessAborted } from '../timing/abort';
import type { FileReader, SourceFile } from './sourceFile';

/** A store that does not answer must not hold a cancelled run back. */
export async function openFile(file: SourceFile, signal: AbortSignal): Promise<FileReader> {
	const opening = file.open(signal);
	try {
		return await unlessAborted(opening, signal);
	} catch (error) {
		void opening.then(closeQuietly, () => {});
		throw error;
	}
}

export async function closeQuietly(reader: FileReader): Promise<void> {
	try {
		await reader.close();
	} catch {
		// What was wanted of the file has been read, or its failure is known already.
	}
}
