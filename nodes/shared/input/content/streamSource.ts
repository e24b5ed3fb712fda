import { addAbortSignal, type Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { recognize, type FileReader } from '../../../../client';
import type { BinarySource } from './binarySource';
import { lookAtContent, type ContentLook, type KeptContents } from './keptContents';

type Helpers = IExecuteFunctions['helpers'];

/** Most bytes that are asked of n8n's streams in one piece. */
const MAX_READ_BYTES = 256 * 1024;

/** Streams can't be read at a later place, so they are read a little further from the start. */
const STREAM_HEAD_BYTES = 16 * 1024;

/** A file in a store of n8n's that gives streams alone, such as its database. */
interface StreamedFile {
	helpers: Helpers;
	id: string;
	/** What n8n has noted, if anything; it may be wrong. */
	expectedSize: number | undefined;
}

export async function streamSource(file: StreamedFile, kept: KeptContents): Promise<BinarySource> {
	const { content, ...look } = await lookAt(file, kept);
	const source = { ...look, open: opener(file, look.size) };
	return content ? kept.keep(source, content) : source;
}

async function lookAt(file: StreamedFile, kept: KeptContents): Promise<ContentLook> {
	const { helpers, id, expectedSize } = file;
	const sizeOf = async () => (await helpers.getBinaryMetadata(id)).fileSize;
	const likelySize = expectedSize ?? (await sizeOf());
	const content = await kept.read(likelySize, async (target) => await readInto(file, target));
	if (content) return await lookAtContent(content);
	const { head, size = await sizeOf() } = await readHead(file);
	return { size, head, found: await recognize({ size, head }) };
}

/**
 * A file's first bytes, and its size if the stream ends with them. n8n's database gives the whole file in
 * one piece, and for the size SQLite would have to read all of it once more.
 */
async function readHead({ helpers, id }: StreamedFile): Promise<{ head: Buffer; size?: number }> {
	const stream = await helpers.getBinaryStream(id, STREAM_HEAD_BYTES);
	// Leaving the loop destroys the stream, and it may fail afterwards.
	stream.on('error', () => {});
	const head = Buffer.allocUnsafe(STREAM_HEAD_BYTES);
	let filled = 0;
	let size = 0;
	for await (const piece of stream as AsyncIterable<Buffer>) {
		if (size >= STREAM_HEAD_BYTES) return { head };
		filled += piece.copy(head, filled);
		size += piece.length;
	}
	return { head: head.subarray(0, filled), size };
}

async function readInto({ helpers, id }: StreamedFile, target: Buffer): Promise<Buffer> {
	if (target.length === 0) return target;
	const reader = streamReader(await helpers.getBinaryStream(id, target.length));
	try {
		return target.subarray(0, await reader.read(target));
	} finally {
		await reader.close();
	}
}

/** A function of its own, because a closure in the caller's scope would hold what was read of the file. */
function opener({ helpers, id }: StreamedFile, size: number): BinarySource['open'] {
	const readSize = Math.max(1, Math.min(MAX_READ_BYTES, size));
	return async (signal) => streamReader(await helpers.getBinaryStream(id, readSize), signal);
}

/** Reads a stream into the caller's memory; what is left of a chunk waits for the next read. */
function streamReader(stream: Readable, signal?: AbortSignal): FileReader {
	if (signal) addAbortSignal(signal, stream);
	const chunks = stream.iterator() as AsyncIterator<Buffer, undefined>;
	let rest: Buffer = Buffer.alloc(0);
	return {
		async read(target) {
			let filled = 0;
			while (filled < target.length) {
				if (rest.length === 0) {
					const { value, done } = await chunks.next();
					if (done) break;
					rest = value;
				}
				const copied = rest.copy(target, filled);
				rest = rest.subarray(copied);
				filled += copied;
			}
			return filled;
		},
		async close() {
			stream.on('error', () => {});
			stream.destroy();
			await chunks.return?.();
		},
	};
}
