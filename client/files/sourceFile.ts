import type { FileFormat } from './fileType';

/**
 * A file to check. It can be opened any number of times, because a retried or split request sends it
 * again.
 */
export interface SourceFile {
	/** The original name, if any. It may hold anything, and is made safe only when it is sent. */
	name: string;
	format: FileFormat;
	/** Length in bytes. Content-Length depends on it, so reading must return exactly this many. */
	size: number;
	/** The same for all files with the same content. Without it, identical files can't be found. */
	fingerprint?: string;
	open: (signal: AbortSignal) => Promise<FileReader>;
	/** Called when the file's outcome is known, to free what is kept in memory for it. */
	release?: (() => void) | undefined;
}

/** An open file. The caller owns the memory, so that one buffer can serve thousands of files. */
export interface FileReader {
	/**
	 * Fills `target` from where the last read ended, and returns the number of bytes. Fewer than
	 * `target.length` means that the file has ended.
	 */
	read(target: Buffer): number | Promise<number>;
	close(): void | Promise<void>;
}
