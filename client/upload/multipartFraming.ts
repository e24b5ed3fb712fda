import FormData from 'form-data';
import { fileNameToSend } from '../files/fileName';
import type { SourceFile } from '../files/sourceFile';

const EMPTY = Buffer.alloc(0);
const LINE_END = Buffer.from('\r\n');

/**
 * The framing of a multipart/form-data body: everything except the files' bytes. form-data writes it
 * around empty parts, so the length of a body is known without opening a file.
 */
export class MultipartFraming {
	readonly contentType: string;
	private readonly boundary: string;
	private readonly footer: Buffer;
	private readonly headerLengths = new Map<string, number>();

	/** @param field the multipart field's name, repeated for each file */
	constructor(private readonly field: string) {
		const form = new FormData();
		this.boundary = form.getBoundary();
		this.contentType = `multipart/form-data; boundary=${this.boundary}`;
		this.footer = form.getBuffer();
	}

	/** The bytes before a file: the end of the previous part, and this part's header. */
	before(file: SourceFile, isFirst: boolean): Buffer {
		const header = this.header(fileNameToSend(file), file.format.mimeType);
		return isFirst ? header : Buffer.concat([LINE_END, header]);
	}

	/** The bytes after the last file. */
	end(): Buffer {
		return Buffer.concat([LINE_END, this.footer]);
	}

	/** The length of a body with these files. */
	bodyLength(files: readonly SourceFile[]): number {
		return files.reduce((sum, file) => sum + this.partLength(file), this.footer.length);
	}

	/** The bytes that a file adds to a body. */
	partLength(file: SourceFile): number {
		const { mimeType } = file.format;
		let headerLength = this.headerLengths.get(mimeType);
		if (headerLength === undefined) {
			headerLength = this.header('x', mimeType).length - 'x'.length;
			this.headerLengths.set(mimeType, headerLength);
		}
		return headerLength + Buffer.byteLength(fileNameToSend(file)) + file.size + LINE_END.length;
	}

	private header(filename: string, contentType: string): Buffer {
		const form = new FormData();
		form.setBoundary(this.boundary);
		form.append(this.field, EMPTY, { filename, contentType });
		const framed = form.getBuffer();
		return framed.subarray(0, framed.length - LINE_END.length - this.footer.length);
	}
}
