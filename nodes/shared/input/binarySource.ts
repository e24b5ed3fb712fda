import { open, type FileHandle } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { HEAD_BYTES, recognize, type FileReader, type Recognized } from '../../../client';
import { readBase64 } from './base64';
import { readBytes, type InlineContent } from './inlineContent';
import { isModeWord, isStoredModeWord } from './lostId';

/** A file's content, wherever n8n keeps it. */
export interface BinarySource {
	/** Bytes. */
	size: number;
	/** The first bytes. */
	head: Buffer;
	/** What it is, by its bytes. */
	found: Recognized;
	open: (signal: AbortSignal) => Promise<FileReader>;
}

/** Why a binary object leads to no content. */
export class NoContentError extends Error {
	constructor(readonly reason: 'lostId' | 'badBase64' | 'noFileContent') {
		super(reason);
	}
}

type Helpers = IExecuteFunctions['helpers'];

/** Most bytes that are asked of n8n's streams in one piece. */
const MAX_READ_BYTES = 256 * 1024;

/** Streams can't be read at a later place, so they are read a little further from the start. */
const STREAM_HEAD_BYTES = 16 * 1024;

/**
 * The one place that decides how a file is read. A file on disk is read straight from there, into
 * buffers of the caller's; every other store goes through n8n's streams, and content that the item
 * itself carries is decoded when its turn comes. Nothing is lost by the slower ways but speed.
 *
 * @throws NoContentError for a binary object that leads to no content
 */
export async function readBinarySource(
	helpers: Helpers,
	binary: IBinaryData,
): Promise<BinarySource> {
	const source = await (binary.id ? storedSource(helpers, binary.id) : inlineSource(binary));
	// In combined workflows n8n stores what it takes for the content, before this node sees it.
	if (isStoredModeWord(source.head, source.size)) throw new NoContentError('lostId');
	return source;
}

async function storedSource(helpers: Helpers, id: string): Promise<BinarySource> {
	const mode = id.split(':', 1)[0] ?? '';
	return mode.startsWith('filesystem')
		? await diskSource(helpers.getBinaryPath(id))
		: await streamSource(helpers, id);
}

async function diskSource(path: string): Promise<BinarySource> {
	const { size, head, found } = await lookAtDisk(path);
	// In a scope of its own, or thousands of waiting files would each keep their file handle.
	return { size, head, found, open: () => openDiskFile(path, size) };
}

async function lookAtDisk(path: string): Promise<Omit<BinarySource, 'open'>> {
	const file = await open(path, 'r');
	try {
		const { size } = await file.stat();
		const readAt = (position: number, length: number) => readOnce(file, position, length);
		const head = await readAt(0, Math.min(HEAD_BYTES, size));
		return { size, head, found: await recognize({ size, head, readAt }) };
	} finally {
		await file.close();
	}
}

async function readOnce(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const target = Buffer.allocUnsafe(length);
	const { bytesRead } = await file.read(target, 0, length, position);
	return target.subarray(0, bytesRead);
}

/**
 * A network's file system may give less than it was asked for in the middle of a file.
 *
 * @param size bytes from which on less than was asked for means the end
 */
export async function openDiskFile(path: string, size: number): Promise<FileReader> {
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

async function streamSource(helpers: Helpers, id: string): Promise<BinarySource> {
	const { fileSize: size } = await helpers.getBinaryMetadata(id);
	const head = await readHead(helpers, id, Math.min(STREAM_HEAD_BYTES, size));
	return {
		size,
		head,
		found: await recognize({ size, head }),
		open: async (signal) => {
			const readSize = Math.max(1, Math.min(MAX_READ_BYTES, size));
			return streamReader(await helpers.getBinaryStream(id, readSize), signal);
		},
	};
}

async function readHead(helpers: Helpers, id: string, length: number): Promise<Buffer> {
	if (length === 0) return Buffer.alloc(0);
	const stream = await helpers.getBinaryStream(id, length);
	const reader = streamReader(stream);
	try {
		const head = Buffer.allocUnsafe(length);
		return head.subarray(0, await reader.read(head));
	} finally {
		await reader.close();
	}
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

async function inlineSource(binary: IBinaryData): Promise<BinarySource> {
	const { size, open: openContent, readAt } = readInline(binary);
	const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
	await openContent().read(head);
	return {
		size,
		head,
		found: await recognize({
			size,
			head,
			readAt: readAt && (async (...place) => readAt(...place)),
		}),
		open: async () => openContent(),
	};
}

/** A Code node may put the content itself, or anything else, in place of the binary object. */
function readInline(binary: unknown): InlineContent {
	const { data = binary } = Object(binary) as { data?: unknown };
	if (typeof data !== 'string') return readBytes(data) ?? fail('noFileContent');
	if (isModeWord(data)) fail('lostId');
	return readBase64(data) ?? fail('badBase64');
}

function fail(reason: NoContentError['reason']): never {
	throw new NoContentError(reason);
}
