import { open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { type FileReader, HEAD_BYTES } from '../../../client';
import { base64Length, base64Reader, normaliseBase64 } from './base64';

/** A file's content, wherever n8n keeps it. */
export interface BinarySource {
	/** Bytes. */
	size: number;
	/** The first bytes, enough to know the type by. */
	head: Buffer;
	open: (signal: AbortSignal) => Promise<FileReader>;
}

type Helpers = IExecuteFunctions['helpers'];

/** Most bytes that are asked of n8n's streams in one piece. */
const LARGEST_READ = 256 * 1024;

/**
 * The one place that decides how a file is read. A file on disk is read straight from there, into
 * buffers of the caller's; every other store goes through n8n's streams, and content that the item
 * itself carries is decoded when its turn comes. Nothing is lost by the slower ways but speed.
 */
export async function readBinarySource(
	helpers: Helpers,
	{ id, data }: IBinaryData,
): Promise<BinarySource> {
	if (!id) return inlineSource(data);
	const mode = id.split(':', 1)[0] ?? '';
	return mode.startsWith('filesystem')
		? await diskSource(helpers.getBinaryPath(id))
		: await storedSource(helpers, id);
}

async function diskSource(path: string): Promise<BinarySource> {
	const file = await open(path, 'r');
	try {
		const { size } = await file.stat();
		const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
		const { bytesRead } = await file.read(head, 0, head.length, 0);
		return { size, head: head.subarray(0, bytesRead), open: () => openDiskFile(path, size) };
	} finally {
		await file.close();
	}
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

async function storedSource(helpers: Helpers, id: string): Promise<BinarySource> {
	const { fileSize: size } = await helpers.getBinaryMetadata(id);
	const head = await readHead(helpers, id, Math.min(HEAD_BYTES, size));
	return {
		size,
		head,
		open: async (signal) => {
			const readSize = Math.max(1, Math.min(LARGEST_READ, size));
			return streamReader(await helpers.getBinaryStream(id, readSize), signal);
		},
	};
}

async function readHead(helpers: Helpers, id: string, length: number): Promise<Buffer> {
	if (length === 0) return Buffer.alloc(0);
	const stream = await helpers.getBinaryStream(id, length);
	const reader = streamReader(stream);
	try {
		const head = Buffer.alloc(length);
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

function inlineSource(content: string): BinarySource {
	const base64 = normaliseBase64(content);
	const size = base64Length(base64);
	const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
	base64Reader(base64)(head);
	return {
		size,
		head,
		open: async () => ({ read: base64Reader(base64), close: () => {} }),
	};
}
