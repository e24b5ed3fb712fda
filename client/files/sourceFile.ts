import type { FileFormat } from './fileType';

/**
 * A file to check. It can be opened any number of times, because a retried or split request sends
 * it anew; a body is never used twice.
 */
export interface SourceFile {
	/** The name it came with, if any: anything at all, made safe only where it goes on the wire. */
	name: string;
	format: FileFormat;
	/** Length in bytes. Content-Length is made of it, so reading must give exactly as many. */
	size: number;
	/** Shared by all files of the same content; where it is known, equal files can be sent once. */
	fingerprint?: string;
	open: (signal: AbortSignal) => Promise<FileReader>;
	/** Told that its outcome is known: what is kept in memory for it is needed no more. */
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
