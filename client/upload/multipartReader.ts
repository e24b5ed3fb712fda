import { closeQuietly, openFile } from '../files/openFile';
import type { FileReader, SourceFile } from '../files/sourceFile';
import { unlessAborted } from '../timing/abort';
import type { MultipartFraming } from './multipartFraming';

const EMPTY = Buffer.alloc(0);

/** A file could not be sent as announced. The others can still be sent in another request. */
export class FileReadError extends Error {
	constructor(
		/** Index of the file in the request. */
		readonly position: number,
		readonly reason: 'changed' | 'unreadable' | 'stalled',
		cause?: unknown,
	) {
		super(`file ${position} is ${reason}`, { cause });
	}
}

/**
 * Reads a multipart body: framing, the first file, framing, the next file, and so on. Only one file is
 * open at a time.
 */
export class MultipartReader implements FileReader {
	/** The file that ended the reading, if one could not be read. */
	fileError: FileReadError | undefined;

	private position = -1;
	private reader: FileReader | undefined;
	private bytesLeft = 0;
	private framing: Buffer = EMPTY;
	private closing: Promise<void> | undefined;
	private isClosed = false;

	constructor(
		private readonly files: readonly SourceFile[],
		private readonly multipart: MultipartFraming,
		/** Ends a read or an opening that hangs. */
		private readonly signal: AbortSignal,
	) {}

	/** Whether everything has been read. */
	get hasEnded(): boolean {
		return this.position === this.files.length && this.framing.length === 0;
	}

	/** Fills the target, or less at the end of the body. */
	async read(target: Buffer): Promise<number> {
		if (this.isClosed) throw new Error('the request is over');
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
		return filled;
	}

	/** Fails the current file, because its storage has returned nothing for too long. */
	stall(): void {
		if (this.position >= 0 && this.position < this.files.length) this.fail('stalled');
	}

	/** Resolves when the open file is closed, or when closing it takes too long. */
	async close(): Promise<void> {
		this.isClosed = true;
		await this.closeReader();
		await this.closing;
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
		try {
			this.reader = await openFile(file, this.signal);
		} catch (error) {
			throw this.failed(error);
		}
		return true;
	}

	/** Requests one byte more than is left, to notice a file that has grown without another read. */
	private async readFile(reader: FileReader, target: Buffer): Promise<number> {
		const wanted = Math.min(target.length, this.bytesLeft + 1);
		const count = await this.guardFile(() => reader.read(target.subarray(0, wanted)));
		const hasEnded = count < wanted;
		if (count > this.bytesLeft || (hasEnded && count < this.bytesLeft)) throw this.fail('changed');
		this.bytesLeft -= count;
		if (hasEnded) await this.closeReader();
		return count;
	}

	private async guardFile<T>(use: () => T | Promise<T>): Promise<T> {
		try {
			const result = use();
			return result instanceof Promise ? await unlessAborted(result, this.signal) : result;
		} catch (error) {
			throw this.failed(error);
		}
	}

	/** What to throw: reading may have ended with the request, and not for the file. */
	private failed(error: unknown): unknown {
		return this.signal.aborted ? error : this.fail('unreadable', error);
	}

	private fail(reason: FileReadError['reason'], cause?: unknown): FileReadError {
		return (this.fileError ??= new FileReadError(this.position, reason, cause));
	}

	/** Closes a file while the next one is read, but before the one after that is opened. */
	private async closeReader(): Promise<void> {
		const { reader } = this;
		this.reader = undefined;
		await this.closing;
		this.closing = reader && closeQuietly(reader);
	}
}
