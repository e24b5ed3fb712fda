import busboy from 'busboy';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { HEAD_BYTES } from '../mediaFormats';
import { Refusal } from '../endpoints/refusal';

/** Larger than what a socket delivers at once. Otherwise each chunk would pause and resume the socket. */
const BUFFER_BYTES = 1024 * 1024;

export interface ReceivedFile {
	field: string;
	/** As it was sent, including any path. */
	fileName: string;
	contentType: string;
	size: number;
	/** Of the content; with `verify: 'none'`, of the size and the first 64 bytes. */
	sha256: string;
}

/** `none` hashes only the beginning, for uploads that are faster than SHA-256 (about 1 GB/s). */
export type Verify = 'sha256' | 'none';

export interface FilePart {
	file: ReceivedFile;
	/** The first bytes, which show the format. */
	head: Buffer;
}

/**
 * Reads a multipart body to its end, and keeps only the first bytes of each file. `onPart` is called
 * after each file.
 */
export async function readMultipart(
	headers: IncomingHttpHeaders,
	body: Readable,
	verify: Verify,
	onPart: (part: FilePart) => void,
): Promise<void> {
	const parser = parserFor(headers);
	let unexpectedField: string | undefined;
	parser.on('file', (field, content, info) => {
		const summary = new ContentSummary(verify);
		content.on('data', (chunk: Buffer) => summary.add(chunk));
		// busboy also reports the parser's error on the open file. It is handled below.
		content.on('error', () => {});
		content.on('end', () => {
			const { head, ...measured } = summary.finish();
			// Always there according to the types, but a part with only a Content-Type is a file, too.
			const fileName = info.filename ?? '';
			onPart({ file: { field, fileName, contentType: info.mimeType, ...measured }, head });
		});
	});
	parser.on('field', (name) => (unexpectedField ??= name));
	const lost = (error: Error) => parser.destroy(error);
	body.once('error', lost);
	body.pipe(parser);
	try {
		await finished(parser);
	} catch (error) {
		if (body.destroyed && !body.readableEnded) throw error;
		throw new Refusal(400, `There was an error parsing the body: ${(error as Error).message}`);
	} finally {
		body.off('error', lost);
	}
	if (unexpectedField !== undefined) {
		throw new Refusal(400, `Field '${unexpectedField}' is not a file`);
	}
}

function parserFor(headers: IncomingHttpHeaders): busboy.Busboy {
	if (!/^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')) {
		throw new Refusal(400, 'Content-Type must be multipart/form-data');
	}
	try {
		return busboy({
			headers,
			preservePath: true,
			defParamCharset: 'utf8',
			highWaterMark: BUFFER_BYTES,
			fileHwm: BUFFER_BYTES,
		});
	} catch (error) {
		throw new Refusal(400, (error as Error).message);
	}
}

export class ContentSummary {
	private readonly hash = createHash('sha256');
	private head: Buffer = Buffer.alloc(0);
	private size = 0;

	constructor(private readonly verify: Verify) {}

	add(chunk: Buffer): void {
		this.size += chunk.length;
		if (this.verify === 'sha256') this.hash.update(chunk);
		if (this.head.length < HEAD_BYTES) {
			this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
			// A slice would keep the whole chunk in memory.
			this.head = Buffer.from(this.head);
		}
	}

	finish(): { size: number; sha256: string; head: Buffer } {
		if (this.verify === 'none') this.hash.update(`${this.size}:`).update(this.head);
		return { size: this.size, sha256: this.hash.digest('hex'), head: this.head };
	}
}
