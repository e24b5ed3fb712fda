/** Small enough to show progress on a slow line, large enough that a socket waits until it is sent. */
export const PIECE_BYTES = 128 * 1024;
/** From this speed on, a whole chunk shows progress often enough. */
const FAST_BYTES_PER_MS = (4 * 1024 * 1024) / 1_000;

/**
 * Passes chunks on as a whole if the connection is fast, and in pieces if it is slow or not known yet.
 * A piece that the connection has taken is the only sign of progress.
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
		this.isFast = chunk.length / (performance.now() - start) > FAST_BYTES_PER_MS;
	}
}
