import type { OtherFile } from './recognized';

/** Each byte that is no text becomes U+FFFD if a file is read as UTF-8. */
const REPLACED = Buffer.from('\uFFFD');
/** Share of such bytes from which on it was no text: half of a picture's bytes are none. */
const MIN_REPLACED_SHARE = 0.1;

/** How JPEG and PNG begin if their bytes were taken for Latin-1 and written as UTF-8. */
const RECODED = [Buffer.from('\xff\xd8\xff'), Buffer.from('\x89PNG')];

/** Traces of what has happened to a file on its way. */
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
