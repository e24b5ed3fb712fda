import { HEAD_BYTES, recognize } from '../../../../client';
import type { BinarySource } from './binarySource';
import { readBytes } from './inlineContent';

/** Larger files are read twice: compared with sending them, the second read costs little. */
const MAX_KEPT_FILE_BYTES = 1024 * 1024;

/**
 * For all runs of a process together, because many executions may run at once. It is enough for thousands
 * of thumbnails or 130 pictures of 500 KB, and little compared with the 300 to 400 MB of n8n itself.
 */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** Memory for many small files at once. A larger file has its own, which ends with it. */
const BLOCK_BYTES = 1024 * 1024;
const MAX_BYTES_IN_BLOCK = BLOCK_BYTES / 16;

/** How much one run keeps. */
interface KeptBytes {
	bytes: number;
}

/** The bytes that may still be kept. */
export class KeptBudget {
	private bytesLeft = MAX_KEPT_BYTES;
	/** Nobody releases the files of a run that ends early, so their bytes count until their memory is freed. */
	private readonly abandoned = new FinalizationRegistry<KeptBytes>(({ bytes }) => {
		this.bytesLeft += bytes;
	});

	/**
	 * Starts to count what a run keeps.
	 *
	 * @param owner when the garbage collector takes it, what it still keeps is given back
	 */
	countFor(owner: object): KeptBytes {
		const kept = { bytes: 0 };
		this.abandoned.register(owner, kept);
		return kept;
	}

	/** Returns whether there was room. */
	take(kept: KeptBytes, bytes: number): boolean {
		if (bytes > this.bytesLeft) return false;
		this.bytesLeft -= bytes;
		kept.bytes += bytes;
		return true;
	}

	giveBack(kept: KeptBytes, bytes: number): void {
		this.bytesLeft += bytes;
		kept.bytes -= bytes;
	}
}

const BUDGET_OF_PROCESS = new KeptBudget();

/**
 * Keeps small files in memory from the first look at them until their outcomes are known, so that
 * n8n's storage is asked for them once. Beyond the budget files are read again to be sent.
 */
export class KeptContents {
	private readonly kept: KeptBytes;
	private block: Buffer = Buffer.alloc(0);

	constructor(private readonly budget = BUDGET_OF_PROCESS) {
		this.kept = budget.countFor(this);
	}

	/**
	 * Reads a whole file into memory that is kept for it.
	 *
	 * @param read fills the memory and returns what it has read
	 * @returns undefined if there is no room for the file, or if it has another size
	 */
	async read(size: number, read: (target: Buffer) => Promise<Buffer>): Promise<Buffer | undefined> {
		const reserved = this.reserve(size);
		if (!reserved) return undefined;
		let isWhole = false;
		try {
			const content = await read(reserved);
			isWhole = content.length === size;
			return isWhole ? content : undefined;
		} finally {
			if (!isWhole) this.giveBack(size);
		}
	}

	/** One byte more than the file has shows if it has grown. */
	private reserve(size: number): Buffer | undefined {
		if (size > MAX_KEPT_FILE_BYTES || !this.budget.take(this.kept, size)) return undefined;
		const length = size + 1;
		if (length > MAX_BYTES_IN_BLOCK) return allocate(length);
		if (length > this.block.length) this.block = allocate(BLOCK_BYTES);
		const reserved = this.block.subarray(0, length);
		this.block = this.block.subarray(length);
		return reserved;
	}

	private giveBack(size: number): void {
		this.budget.giveBack(this.kept, size);
	}

	/**
	 * The same source, read from memory until it is released.
	 *
	 * @param content what `read` returned
	 */
	keep(source: BinarySource, content: Buffer): BinarySource {
		const { length } = content;
		const giveBack = () => this.giveBack(length);
		return { ...source, ...openKept(content, source.open, giveBack) };
	}
}

/** A function of its own, because closures in the caller's scope would hold the content after its release. */
function openKept(
	content: Buffer,
	openAgain: BinarySource['open'],
	giveBack: () => void,
): Pick<BinarySource, 'open' | 'release'> {
	let kept = readBytes(content);
	return {
		open: async (signal) => (kept ? kept.open() : await openAgain(signal)),
		release: () => {
			if (kept) giveBack();
			kept = undefined;
		},
	};
}

/**
 * Shared memory, because V8 doesn't count it. With 64 MB of ordinary buffers, V8 would collect n8n's
 * whole heap so often that nothing would be gained.
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
