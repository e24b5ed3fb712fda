import type { OtherFile } from './recognized';

/** If a file is read as UTF-8, each byte that is not text becomes U+FFFD. */
const REPLACED = Buffer.from('\uFFFD');
/** If this share of the bytes was replaced, the file was no text. In a picture it would be half. */
const MIN_REPLACED_SHARE = 0.1;

/** The start of a JPEG or PNG whose bytes were read as Latin-1 and written as UTF-8. */
const RECODED = [Buffer.from('\xff\xd8\xff'), Buffer.from('\x89PNG')];

/** Recognizes files that were damaged on their way, by the traces of it. */
export function recognizeDamage(head: Buffer): OtherFile | undefined {
	if (head.length === 0) return undefined;
	if (head.every((byte) => byte === 0)) return { kind: 'zeros' };
	const isRecoded = RECODED.some((start) => head.subarray(0, start.length).equals(start));
	const replaced = (countReplaced(head) * REPLACED.length) / head.length;
	return isRecoded || replaced >= MIN_REPLACED_SHARE ? { kind: 'garbled' } : undefined;
}

function countReplaced(head: Buffer): number {
	let count = 0;
	let position = head.indexOf(REPLACED);
	while (position !== -1) {
		count++;
		position = head.indexOf(REPLACED, position + REPLACED.length);
	}
	return count;
}
