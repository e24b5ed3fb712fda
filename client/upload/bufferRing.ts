/** Large enough that the overhead of a read is small, small enough for the processor's cache. */
export const BUFFER_BYTES = 1024 * 1024;

/** One is being sent, one is being filled, and one is ready in between. */
const BUFFERS = 3;

/** The memory of one attempt: a few buffers that are used in turn. */
export class BufferRing {
	private readonly buffers: Buffer[] = [];
	private turn = 0;

	constructor(readonly bufferBytes: number) {}

	next(): Buffer {
		const index = this.turn++ % BUFFERS;
		return (this.buffers[index] ??= Buffer.allocUnsafeSlow(this.bufferBytes));
	}
}

/**
 * The rings of a run. A ring is returned only after an attempt that was uploaded completely: otherwise
 * a socket may still be reading its buffers.
 */
export class BufferRings {
	private readonly idle: BufferRing[] = [];

	take(): BufferRing {
		return this.idle.pop() ?? new BufferRing(BUFFER_BYTES);
	}

	giveBack(ring: BufferRing): void {
		this.idle.push(ring);
	}
}
