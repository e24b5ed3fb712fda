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

/**
 * Keeps small files in memory from the first look at them until their outcomes are known, so that
 * n8n's storage is asked for them once. Beyond the run's budget files are read again to be sent.
 */
export class KeptContents {
	private bytesLeft = MAX_KEPT_BYTES;

	hasRoomFor(size: number): boolean {
		return size <= MAX_KEPT_FILE_BYTES && size <= this.bytesLeft;
	}

	/**
	 * The same source, read from memory until it is released.
	 *
	 * @param content all of it, in memory that nobody else writes to
	 */
	keep(source: BinarySource, content: Buffer): BinarySource {
		// Several files may have been asked for side by side.
		if (!this.hasRoomFor(content.length)) return source;
		const { length } = content;
		this.bytesLeft -= length;
		let kept = readBytes(content);
		return {
			...source,
			open: async (signal) => (kept ? kept.open() : await source.open(signal)),
			release: () => {
				if (kept) this.bytesLeft += length;
				kept = undefined;
			},
		};
	}
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
