/** A file to recognize, or as much of it as is at hand. */
export interface ByteSource {
	/** Length in bytes. */
	readonly size: number;
	/** The first bytes. */
	readonly head: Buffer;
	/** Reads at any position, if that is cheap. May give fewer bytes than asked for at the end. */
	readonly readAt?: (position: number, length: number) => Promise<Buffer>;
}

/** A read that is asked for gives at least this much, for the headers that lie close by. */
const BLOCK_BYTES = 4096;

/** Reads in one file, however many headers it claims to have. */
const MAX_READS = 32;

/** The bytes of a file by their position: from what is at hand, or with a read that is counted. */
export class FileBytes {
	private block: Buffer;
	private blockStart = 0;
	private reads = 0;

	constructor(private readonly source: ByteSource) {
		this.block = source.head;
	}

	get head(): Buffer {
		return this.source.head;
	}

	get size(): number {
		return this.source.size;
	}

	/** Exactly so many bytes, or undefined if the file ends before, or they are out of reach. */
	async at(position: number, length: number): Promise<Buffer | undefined> {
		if (position + length > this.source.size) return undefined;
		return (
			slice(this.source.head, position, length) ??
			slice(this.block, position - this.blockStart, length) ??
			slice(await this.read(position, length), 0, length)
		);
	}

	private async read(position: number, length: number): Promise<Buffer> {
		const { readAt, size } = this.source;
		if (!readAt || this.reads >= MAX_READS) return Buffer.alloc(0);
		this.reads++;
		const wanted = Math.min(Math.max(length, BLOCK_BYTES), size - position);
		this.block = await readAt(position, wanted);
		this.blockStart = position;
		return this.block;
	}
}

function slice(bytes: Buffer, from: number, length: number): Buffer | undefined {
	return from >= 0 && from + length <= bytes.length
		? bytes.subarray(from, from + length)
		: undefined;
}
