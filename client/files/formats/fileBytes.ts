/** A file to recognize, or the part of it that has been read. */
export interface ByteSource {
	/** Length in bytes. */
	readonly size: number;
	/** The first bytes. */
	readonly head: Buffer;
	/** Reads at any position, if that is cheap. May return fewer bytes than requested at the end. */
	readonly readAt?: (position: number, length: number) => Promise<Buffer>;
}

/** Minimum bytes of a read, because headers are close together. */
const BLOCK_BYTES = 4096;

/** Maximum reads in one file, even if it claims to have more headers. */
const MAX_READS = 32;

/** A file's bytes by position: those that have been read, or those of a further, limited read. */
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

	/** Exactly `length` bytes; undefined if the file ends before that, or they can't be read. */
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
