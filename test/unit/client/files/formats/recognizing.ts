import { recognize, type Recognized } from '../../../../../client/files/fileType';

/** A file in memory that can be read anywhere, as one on a disk; of its head, only so much. */
export async function onDisk(content: Buffer, headBytes = 512): Promise<Recognized> {
	const readAt = async (position: number, length: number) =>
		content.subarray(position, position + length);
	return await recognize({ size: content.length, head: content.subarray(0, headBytes), readAt });
}

/** A file of which nothing but its head is at hand, as one in a cloud. */
export async function inStream(content: Buffer, headBytes = 512): Promise<Recognized> {
	return await recognize({ size: content.length, head: content.subarray(0, headBytes) });
}

/** Short for tables: the name of a format, or the kind of another file. */
export function shortly({ format, other }: Recognized): string {
	return format?.name ?? other?.kind ?? '';
}
