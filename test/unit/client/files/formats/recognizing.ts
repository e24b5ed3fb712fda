import { recognize, type Recognized } from '../../../../../client/files/fileType';

/** A file in memory that can be read anywhere, like one on a disk. Only part of it is in its head. */
export async function onDisk(content: Buffer, headBytes = 512): Promise<Recognized> {
	const readAt = async (position: number, length: number) =>
		content.subarray(position, position + length);
	return await recognize({ size: content.length, head: content.subarray(0, headBytes), readAt });
}

/** A file of which only the head can be read, like one in cloud storage. */
export async function inStream(content: Buffer, headBytes = 512): Promise<Recognized> {
	return await recognize({ size: content.length, head: content.subarray(0, headBytes) });
}

/** The name of a format, or the kind of another file, for tables. */
export function shortly({ format, other }: Recognized): string {
	return format?.name ?? other?.kind ?? '';
}
