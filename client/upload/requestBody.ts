import { getDefaultHighWaterMark } from 'node:stream';
import type { SourceFile } from '../files/sourceFile';
import type { BufferRing } from './bufferRing';
import type { MultipartFraming } from './multipartFraming';
import { MultipartReader, type FileReadError } from './multipartReader';
import { Pieces } from './pieces';

const EMPTY = Buffer.alloc(0);

/** Bytes that a socket is certain to wait for. */
const MIN_SHARED_BYTES = Math.max(64 * 1024, getDefaultHighWaterMark(false) + 1);

/** How long a read that nobody needs any more may keep the end of a request waiting. */
const READ_PATIENCE_MS = 1_000;

export interface RequestBodyContext {
	ring: BufferRing;
	signal: AbortSignal;
	/** Told each time the connection has taken a chunk. */
	onProgress: () => void;
}

/**
 * The body of one attempt at a request, pulled chunk by chunk by the socket. Framing and files are
 * read into buffers that are used again and again: inside n8n each freshly allocated megabyte costs
 * a collection of its whole heap.
 *
 * A socket asks for the next chunk as soon as less than its high-water mark is waiting, so a small
 * chunk may still lie unsent in its buffer when that is filled again. A chunk larger than the mark
 * is always waited for until everything has left. So smaller chunks go out in memory of their own.
 */
export class RequestBody implements AsyncIterable<Buffer> {
	readonly contentLength: number;
	/** The connection has taken all of it. */
	isUploaded = false;
	/** The connection was given the last byte; before that, no response can be about all files. */
	wasHandedOver = false;
	/** A connection has asked for the first byte. */
	hasStarted = false;
	/** The connection waits for bytes that their file's storage does not give. */
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

	/** Why the body broke off, if a file was the reason. */
	get fileError(): FileReadError | undefined {
		return this.reader.fileError;
	}

	/** The file that is being read has given nothing for too long. */
	stall(): void {
		this.reader.stall();
	}

	/**
	 * Ends the body, if it has not ended by itself: undici forgets a body whose response came early, and
	 * never asks for its end. Resolves when no file is open and no buffer in use any more, unless a
	 * storage does not answer.
	 */
	async close(): Promise<void> {
		const closing = this.reader.close();
		if (this.next) await settledWithin(this.next, READ_PATIENCE_MS);
		await closing;
		// A file that was being opened meanwhile.
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

	/** The next bytes of the body, as many as a buffer holds; none when the body is complete. */
	private async fill(): Promise<Buffer> {
		if (this.reader.hasEnded) return EMPTY;
		const target = this.context.ring.next();
		return target.subarray(0, await this.reader.read(target));
	}
}

async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const patience = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([promise.catch(() => {}), patience]);
	clearTimeout(timer);
}
