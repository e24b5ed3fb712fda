import { HEAD_BYTES, recognize } from '../../../../client';
import type { BinarySource } from './binarySource';
import { readBytes } from './inlineContent';

/** The second read of a larger file costs little beside sending it. */
const MAX_KEPT_FILE_BYTES = 1024 * 1024;

/**
 * Of a run. Enough for thousands of thumbnails or 130 pictures of 500 KB, and little beside the 300
 * to 400 MB that n8n itself takes, even for several executions side by side.
 */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** Memory is allocated for many files at once. */
const BLOCK_BYTES = 2 * MAX_KEPT_FILE_BYTES;

/**
 * Keeps small files in memory from the first look at them until their outcomes are known, so that
 * n8n's storage is asked for them once. Beyond the run's budget files are read again to be sent.
 */
export class KeptContents {
	private bytesLeft = MAX_KEPT_BYTES;
	private block: Buffer = Buffer.alloc(0);

	/**
	 * Reads a whole file into memory that is kept for it.
	 *
	 * @param read fills the memory and returns what it has read
	 * @returns undefined if there is no room for the file, or if it has another size
	 */
	async read(size: number, read: (target: Buffer) => Promise<Buffer>): Promise<Buffer | undefined> {
		const reserved = this.reserve(size);
		if (!reserved) return undefined;
		const content = await read(reserved);
		if (content.length === size) return content;
		this.giveBack(size);
		return undefined;
	}

	/** One byte more than the file has shows if it has grown. */
	private reserve(size: number): Buffer | undefined {
		if (size > MAX_KEPT_FILE_BYTES || size > this.bytesLeft) return undefined;
		this.bytesLeft -= size;
		if (this.block.length <= size) this.block = allocate(BLOCK_BYTES);
		const reserved = this.block.subarray(0, size + 1);
		this.block = this.block.subarray(size + 1);
		return reserved;
	}

	private giveBack(size: number): void {
		this.bytesLeft += size;
	}

	/**
	 * The same source, read from memory until it is released.
	 *
	 * @param content what `read` returned
	 */
	keep(source: BinarySource, content: Buffer): BinarySource {
		const { length } = content;
		let kept = readBytes(content);
		return {
			...source,
			open: async (signal) => (kept ? kept.open() : await source.open(signal)),
			release: () => {
				if (kept) this.giveBack(length);
				kept = undefined;
			},
		};
	}
}

/**
 * V8 answers 64 MB of ordinary buffers with collections of n8n's whole heap, which take longer than
 * what is saved. It counts no memory that could be shared with other threads.
 */
function allocate(bytes: number): Buffer {
	return Buffer.from(new SharedArrayBuffer(bytes));
}

/** What a look at a file has shown. */
export interface ContentLook extends Pick<BinarySource, 'size' | 'head' | 'found'> {
	/** All of it, if that was read. */
	content?: Buffer;
}

export async function lookAtContent(content: Buffer): Promise<ContentLook> {
	const { length: size } = content;
	const head = content.subarray(0, HEAD_BYTES);
	const readAt = async (position: number, length: number) =>
		content.subarray(position, position + length);
	return { size, head, found: await recognize({ size, head, readAt }), content };
}
