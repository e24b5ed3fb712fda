import type { FileReader, Recognized } from '../../../../client';

/** A file's content, wherever n8n keeps it. */
export interface BinarySource {
	/** Bytes. */
	size: number;
	/** The first bytes. */
	head: Buffer;
	/** What it is, by its bytes. */
	found: Recognized;
	open: (signal: AbortSignal) => Promise<FileReader>;
	/** Lets go of what is kept of it in memory. It can still be opened. */
	release?: () => void;
}
