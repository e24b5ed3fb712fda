/** Large enough that a read costs little beside its bytes, small enough for the processor's cache. */
export const BUFFER_BYTES = 1024 * 1024;

/** One is being sent, one is being filled, one lies between. */
const BUFFERS = 3;

/** The memory of one attempt at a request: a few buffers, used in turn. */
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
 * The rings of a run. A ring comes back only from an attempt that was answered: one that broke off
 * may have left bytes with a socket that still looks at them.
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
