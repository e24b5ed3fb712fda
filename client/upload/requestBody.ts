import { getDefaultHighWaterMark } from 'node:stream';
import type { SourceFile } from '../files/sourceFile';
import { settledWithin } from '../timing/patience';
import type { BufferRing } from './bufferRing';
import type { MultipartFraming } from './multipartFraming';
import { MultipartReader, type FileReadError } from './multipartReader';
import { Pieces } from './pieces';

const EMPTY = Buffer.alloc(0);

/** A socket always waits until a chunk of this size is sent. */
const MIN_SHARED_BYTES = Math.max(64 * 1024, getDefaultHighWaterMark(false) + 1);

/** How long the end of a request waits for a read that is no longer needed. */
const READ_PATIENCE_MS = 1_000;

interface RequestBodyContext {
	ring: BufferRing;
	signal: AbortSignal;
	/** Called each time the connection has taken a piece. */
	onProgress: () => void;
}

/**
 * The body of one attempt, pulled chunk by chunk by the socket. Framing and files are read into
 * buffers that are reused, because in n8n each newly allocated megabyte triggers a garbage collection
 * of the whole heap.
 *
 * A socket takes the next chunk as soon as less than its high-water mark is waiting, so a small chunk
 * may still be unsent when its buffer is filled again. The socket waits for larger chunks until they
 * are sent. So chunks below that mark are copied.
 */
export class RequestBody implements AsyncIterable<Buffer> {
	readonly contentLength: number;
	/** The connection has taken the whole body. */
	isUploaded = false;
	/** The last byte was passed to the connection. Before that, no response can cover all files. */
	wasHandedOver = false;
	/** A connection has started to read the body. */
	hasStarted = false;
	/** The connection is waiting for a file's storage. */
	isStarved = false;

	private readonly reader: MultipartReader;
	/** The chunk that is being read ahead. */
	private next: Promise<Buffer> | undefined;

	constructor(
		files: readonly SourceFile[],
		multipart: MultipartFraming,
		private readonly context: RequestBodyContext,
	) {
		this.contentLength = multipart.bodyLength(files);
		this.reader = new MultipartReader(files, multipart, context.signal);
	}

	/** The file that ended the body early, if any. */
	get fileError(): FileReadError | undefined {
		return this.reader.fileError;
	}

	/** Fails the current file, because its storage has returned nothing for too long. */
	stall(): void {
		this.reader.stall();
	}

	/**
	 * Ends the body if it has not ended yet: undici doesn't read or close a body whose response came
	 * early. Resolves when no file is open and no buffer is in use, unless a storage doesn't respond.
	 */
	async close(): Promise<void> {
		const closing = this.reader.close();
		if (this.next) await settledWithin(this.next, READ_PATIENCE_MS);
		await closing;
		// A file may have been opened meanwhile.
		await this.reader.close();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
		const pieces = new Pieces();
		this.hasStarted = true;
		this.next = this.fill();
		try {
			for (;;) {
				this.isStarved = true;
				const chunk = await this.next;
				this.isStarved = false;
				if (chunk.length === 0) break;
				const isLast = this.reader.hasEnded;
				// The disk works while the socket sends.
				this.next = this.fill();
				this.next.catch(() => {});
				let left = chunk.length;
				for (const piece of pieces.of(chunk)) {
					left -= piece.length;
					this.wasHandedOver = isLast && left === 0;
					yield piece.length < MIN_SHARED_BYTES ? Buffer.from(piece) : piece;
					this.context.onProgress();
				}
			}
			this.isUploaded = true;
			this.context.onProgress();
		} finally {
			await this.close();
		}
	}

	/** The next bytes of the body, as many as fit into a buffer; none at the end. */
	private async fill(): Promise<Buffer> {
		if (this.reader.hasEnded) return EMPTY;
		const target = this.context.ring.next();
		return target.subarray(0, await this.reader.read(target));
	}
}
