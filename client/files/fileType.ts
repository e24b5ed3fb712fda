import { recognizeContainer } from './formats/containers';
import { recognizeDamage } from './formats/damage';
import { FileBytes, type ByteSource } from './formats/fileBytes';
import { JPEG, PNG, type FileFormat } from './formats/fileFormat';
import { recognizeIsoMedia } from './formats/isoMedia';
import type { OtherFile, OtherKind, Recognized } from './formats/recognized';
import { recognizeRiff } from './formats/riff';
import { findSignature } from './formats/signatures';
import { findBase64, recognizeText } from './formats/text';

export { AVI, JPEG, MOV, MP4, PNG, WEBP } from './formats/fileFormat';
export type { ByteSource, FileFormat, OtherFile, OtherKind, Recognized };

/** Bytes at the start of a file that are enough for most formats. A small file may have fewer. */
export const HEAD_BYTES = 2048;

/** How many bytes of unknown data a message shows. */
const HEX_BYTES = 8;

/** Recognizes a file by its content. Never fails because of the content: unknown data has a kind, too. */
export async function recognize(source: ByteSource): Promise<Recognized> {
	const { head } = source;
	if (startsWith(head, '\xff\xd8\xff') && head[3] !== 0xf7) return { format: JPEG };
	if (startsWith(head, '\x89PNG\r\n\x1a\n')) return { format: PNG };
	const bytes = new FileBytes(source);
	return (
		(await recognizeRiff(bytes)) ??
		(await recognizeIsoMedia(bytes)) ?? { other: await recognizeOther(bytes) }
	);
}

async function recognizeOther(bytes: FileBytes): Promise<OtherFile> {
	const { head } = bytes;
	return (
		findSignature(head) ??
		(await recognizeContainer(bytes)) ??
		recognizeDamage(head) ??
		(await recognizeBase64(head)) ??
		(await recognizeText(bytes)) ?? {
			kind: 'unknown',
			beginsWith: head.toString('hex', 0, HEX_BYTES).replace(/..(?=.)/g, '$& '),
		}
	);
}

async function recognizeBase64(head: Buffer): Promise<OtherFile | undefined> {
	const base64 = findBase64(head);
	if (base64 === undefined) return undefined;
	const content = Buffer.from(base64, 'base64');
	const { format } = await recognize({ size: content.length, head: content });
	return { kind: 'base64', holds: format?.name };
}

function startsWith(head: Buffer, beginning: string): boolean {
	return head.toString('latin1', 0, beginning.length) === beginning;
}
