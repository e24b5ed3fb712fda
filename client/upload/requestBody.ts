import { getDefaultHighWaterMark } from 'node:stream';
import type { BufferRing } from './bufferRing';
import type { MultipartFraming } from './multipartFraming';
import { closeQuietly, openFile } from '../files/openFile';
import { Pieces } from './pieces';
import type { FileReader, SourceFile } from '../files/sourceFile';

const EMPTY = Buffer.alloc(0);

/** Bytes that a socket is certain to wait for. */
const SMALLEST_SHARED = Math.max(64 * 1024, getDefaultHighWaterMark(false) + 1);

/** A file could not be sent as announced. Its neighbours can, in another request. */
export class FileReadError extends Error {
	constructor(
		/** Index of the file in the request. */
		readonly position: number,
		readonly reason: 'changed' | 'unreadable',
		cause?: unknown,
	) {
		super(`file ${position} is ${reason}`, { cause });
	}
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
	/** Why the body broke off, where a file was the reason. */
	fileError: FileReadError | undefined;

	private position = -1;
	private reader: FileReader | undefined;
	private bytesLeft = 0;
	private framing: Buffer = EMPTY;
	private isComplete = false;
	private closing: Promise<void> | undefined;
	/** The chunk that is being read ahead. */
	private next: Promise<Buffer> | undefined;
	private isAbandoned = false;
	private isHandedOver = false;

	constructor(
		private readonly files: readonly SourceFile[],
		private readonly multipart: MultipartFraming,
		private readonly ring: BufferRing,
		private readonly signal: AbortSignal,
		/** Told each time the connection has taken a chunk. */
		private readonly onProgress: () => void,
	) {
		this.contentLength = multipart.bodyLength(files);
	}

	get isUploaded(): boolean {
		return this.isComplete;
	}

	/** The connection was given the last byte; before, no answer can be about all of them. */
	get wasHandedOver(): boolean {
		return this.isHandedOver;
	}

	/**
	 * Ends the body, if it has not ended by itself: undici forgets a body whose answer came early, and
	 * never asks for its end. Resolves when no file is open and no buffer in use any more.
	 */
	async close(): Promise<void> {
		this.isAbandoned = true;
		await this.next?.catch(() => {});
		await this.closeReader();
		await this.closing;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
		const pieces = new Pieces();
		this.next = this.fill();
		try {
			for (;;) {
				const chunk = await this.next;
				if (chunk.length === 0) break;
				const isLast = this.isRead;
				// The disk works while the socket sends.
				this.next = this.fill();
				this.next.catch(() => {});
				let left = chunk.length;
				for (const piece of pieces.of(chunk)) {
					left -= piece.length;
					this.isHandedOver = isLast && left === 0;
					yield piece.length < SMALLEST_SHARED ? Buffer.from(piece) : piece;
					this.onProgress();
				}
			}
			this.isComplete = true;
			this.onProgress();
		} finally {
			await this.close();
		}
	}

	/** The next bytes of the body, as many as a buffer holds; none when the body is complete. */
	private async fill(): Promise<Buffer> {
		if (this.isAbandoned) throw new Error('the request is over');
		if (this.isRead) return EMPTY;
		const target = this.ring.next();
		let filled = 0;
		while (filled < target.length) {
			if (this.framing.length > 0) {
				const copied = this.framing.copy(target, filled);
				this.framing = this.framing.subarray(copied);
				filled += copied;
			} else if (this.reader) {
				filled += await this.readFile(this.reader, target.subarray(filled));
			} else if (!(await this.openNext())) {
				break;
			}
		}
		return target.subarray(0, filled);
	}

	private get isRead(): boolean {
		return this.position === this.files.length && this.framing.length === 0;
	}

	private async openNext(): Promise<boolean> {
		if (this.position === this.files.length) return false;
		this.position++;
		const file = this.files[this.position];
		if (!file) {
			this.framing = this.multipart.end();
			return true;
		}
		this.signal.throwIfAborted();
		this.framing = this.multipart.before(file, this.position === 0);
		this.bytesLeft = file.size;
		this.reader = await this.guardFile(() => openFile(file, this.signal));
		return true;
	}

	/** Asks for one byte more than is left, so that a file that has grown is noticed at no cost. */
	private async readFile(reader: FileReader, target: Buffer): Promise<number> {
		const wanted = Math.min(target.length, this.bytesLeft + 1);
		const count = await this.guardFile(() => reader.read(target.subarray(0, wanted)));
		const hasEnded = count < wanted;
		if (count > this.bytesLeft || (hasEnded && count < this.bytesLeft)) {
			throw this.fail(new FileReadError(this.position, 'changed'));
		}
		this.bytesLeft -= count;
		if (hasEnded) await this.closeReader();
		return count;
	}

	private async guardFile<T>(use: () => T | Promise<T>): Promise<T> {
		try {
			return await use();
		} catch (error) {
			if (this.signal.aborted) throw error;
			throw this.fail(new FileReadError(this.position, 'unreadable', error));
		}
	}

	private fail(error: FileReadError): FileReadError {
		this.fileError = error;
		return error;
	}

	/** Closing goes on beside the next file, but never beside the next but one. */
	private async closeReader(): Promise<void> {
		const { reader } = this;
		this.reader = undefined;
		await this.closing;
		this.closing = reader && closeQuietly(reader);
	}
}
