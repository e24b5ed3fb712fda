/** So small that each one shows progress on a slow line, so large that a socket waits for it. */
export const PIECE_BYTES = 128 * 1024;
/** Bytes per millisecond from which on a chunk in one piece shows progress often enough. */
const FAST = (4 * 1024 * 1024) / 1_000;

/**
 * Hands chunks over whole where the connection is fast, and piece by piece where it is slow, or not
 * known yet: a piece that was taken is the only sign of progress that there is.
 */
export class Pieces {
	private isFast = false;

	*of(chunk: Buffer): Generator<Buffer, void> {
		const start = performance.now();
		if (this.isFast) yield chunk;
		else {
			for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
				yield chunk.subarray(from, from + PIECE_BYTES);
			}
		}
		this.isFast = chunk.length / (performance.now() - start) > FAST;
	}
}
