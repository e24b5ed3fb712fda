import { open, type FileHandle } from 'node:fs/promises';
import { HEAD_BYTES, recognize, type FileReader } from '../../../../client';
import type { BinarySource } from './binarySource';
import { lookAtContent, type ContentLook, type KeptContents } from './keptContents';

/**
 * A file on disk, read straight from there into buffers of the caller's.
 *
 * @param expectedSize what n8n has noted, if anything; it may be wrong
 */
export async function diskSource(
	path: string,
	expectedSize: number | undefined,
	kept: KeptContents,
): Promise<BinarySource> {
	const { content, ...look } = await lookAt(path, expectedSize, kept);
	const source = { ...look, open: opener(path, look.size) };
	return content ? kept.keep(source, content) : source;
}

/** A function of its own, because a closure in the caller's scope would hold the file's first bytes. */
function opener(path: string, size: number): BinarySource['open'] {
	return async () => await openDiskFile(path, size);
}

async function lookAt(
	path: string,
	expectedSize: number | undefined,
	kept: KeptContents,
): Promise<ContentLook> {
	const file = await open(path, 'r');
	try {
		const likelySize = expectedSize ?? (await file.stat()).size;
		const content = await kept.read(likelySize, async (target) => await readOnce(file, target, 0));
		if (content) return await lookAtContent(content);
		const { size } = await file.stat();
		const readAt = async (position: number, length: number) =>
			await readOnce(file, Buffer.allocUnsafe(length), position);
		const head = await readAt(0, Math.min(HEAD_BYTES, size));
		return { size, head, found: await recognize({ size, head, readAt }) };
	} finally {
		// Not awaited: that would cost each file a third trip to Node's file threads.
		file.close().catch(() => {});
	}
}

async function readOnce(file: FileHandle, target: Buffer, position: number): Promise<Buffer> {
	const { bytesRead } = await file.read(target, 0, target.length, position);
	return target.subarray(0, bytesRead);
}

/**
 * A network's file system may give less than it was asked for in the middle of a file.
 *
 * @param size bytes from which on less than was asked for means the end
 */
async function openDiskFile(path: string, size: number): Promise<FileReader> {
	const file = await open(path, 'r');
	let left = size;
	return {
		async read(target) {
			let filled = 0;
			while (filled < target.length) {
				const { bytesRead } = await file.read(target, filled, target.length - filled, null);
				filled += bytesRead;
				left -= bytesRead;
				if (bytesRead === 0 || left <= 0) break;
			}
			return filled;
		},
		close: () => file.close(),
	};
}
