import type { FileBytes } from './fileBytes';

/** Size (4 bytes, big endian) and type (4 characters); a size of 1 is followed by 8 bytes of it. */
const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/** The building block of MP4 and MOV files. Boxes contain further boxes. */
export interface Box {
	type: string;
	/** Where its content begins and ends, by the size that it claims to have. */
	start: number;
	end: number;
}

/**
 * The box at a position within another one, or within the file.
 *
 * @param end where the outer box ends
 * @returns 'malformed' if no box can be there, 'beyond' if the bytes end before it or are out of reach
 */
export async function readBox(
	bytes: FileBytes,
	position: number,
	end: number,
): Promise<Box | 'malformed' | 'beyond'> {
	if (position + HEADER_BYTES > end) return 'beyond';
	const header = await bytes.at(position, HEADER_BYTES);
	if (!header) return 'beyond';
	const size = header.readUInt32BE(0);
	const type = header.toString('latin1', 4, 8);
	const start = position + HEADER_BYTES;
	if (size === 0) return { type, start, end };
	if (size === 1) return await readLongBox(bytes, position, type);
	return size < HEADER_BYTES ? 'malformed' : { type, start, end: position + size };
}

async function readLongBox(
	bytes: FileBytes,
	position: number,
	type: string,
): Promise<Box | 'malformed' | 'beyond'> {
	const header = await bytes.at(position, LONG_HEADER_BYTES);
	if (!header) return 'beyond';
	const size = Number(header.readBigUInt64BE(HEADER_BYTES));
	if (size < LONG_HEADER_BYTES) return 'malformed';
	return { type, start: position + LONG_HEADER_BYTES, end: position + size };
}
