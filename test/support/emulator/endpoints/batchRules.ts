import type { IncomingMessage } from 'node:http';
import type { MediaFormat } from '../mediaFormats';
import type { MediaKind } from '../mediaKinds';
import type { FilePart, ReceivedFile } from '../http/multipart';
import { Refusal } from './refusal';

/** The length must be known before the body, because a gateway decides by it. */
export function checkLength(request: IncomingMessage, maxBytes: number | undefined): void {
	if (request.headers['transfer-encoding'] !== undefined) {
		throw new Refusal(400, 'A chunked body is not accepted');
	}
	const length = request.headers['content-length'];
	if (length === undefined) throw new Refusal(411, 'Content-Length required');
	if (maxBytes !== undefined && Number(length) > maxBytes) {
		throw new Refusal(413, `Request body is larger than ${maxBytes} bytes`, true);
	}
}

export function checkBatch(kind: MediaKind, parts: readonly FilePart[]): void {
	if (parts.length === 0) throw new Refusal(400, `No ${kind.batchField} provided`);
	if (parts.length > kind.maxFiles) {
		throw new Refusal(400, `At most ${kind.maxFiles} ${kind.batchField} per request`);
	}
	for (const part of parts) {
		const { field } = part.file;
		if (field !== kind.batchField) throw new Refusal(400, `Unexpected field '${field}'`);
		checkPart(kind, part);
	}
}

/** Also for `POST /video`. */
export function checkPart(kind: MediaKind, { file, head }: FilePart): void {
	const extension = /\.([^./\\]+)$/.exec(file.fileName)?.[1]?.toLowerCase() ?? '';
	const format = checkContent(kind, file, head);
	if (!format.extensions.includes(extension)) {
		throw new Refusal(400, `File name of a ${format.name} without its extension`);
	}
}

/** The raw body of `POST /image` has no file name to check. */
export function checkContent(
	kind: MediaKind,
	{ size, contentType }: Pick<ReceivedFile, 'size' | 'contentType'>,
	head: Buffer,
): MediaFormat {
	if (size === 0) throw new Refusal(400, `Empty ${kind.noun} file`);
	if (size > kind.maxBytesPerFile) {
		throw new Refusal(413, `A ${kind.noun} is larger than ${kind.maxBytesPerFile} bytes`);
	}
	const format = kind.formatOf(head);
	if (!format) throw new Refusal(400, `Unsupported ${kind.noun} format, expected ${kind.formats}`);
	if (!format.contentTypes.includes(contentType.toLowerCase())) {
		throw new Refusal(400, `Content-Type ${contentType} of a ${format.name}`);
	}
	return format;
}
