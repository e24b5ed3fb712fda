import type { FileBytes } from './fileBytes';
import { AVI, WEBP } from './fileFormat';
import type { Recognized } from './recognized';

/** Type (4 characters), size (4 bytes, little endian). A list has its kind behind them. */
const HEADER_BYTES = 8;
const KIND_BYTES = 4;

/** Later parts of large files begin with 'AVIX'. Some cameras write 'AVI' with another last byte. */
const AVI_KINDS = new Set(['AVI ', 'AVIX', 'AVI\x19']);

/** Streams of an AVI that hold pictures: video, or the video and sound of a DV camera in one. */
const PICTURES = new Set(['vids', 'iavs']);
const ACCOMPANYING = new Set(['txts', 'mids']);
const SOUND = 'auds';

interface Chunk {
	type: string;
	/** The kind, if this is a list. */
	kind: string;
	start: number;
	end: number;
}

/** @returns undefined if the file is neither WebP nor AVI */
export async function recognizeRiff(bytes: FileBytes): Promise<Recognized | undefined> {
	const { head } = bytes;
	if (head.toString('latin1', 0, 4) !== 'RIFF') return undefined;
	const kind = head.toString('latin1', 8, 12);
	if (kind === 'WEBP') return { format: WEBP };
	if (!AVI_KINDS.has(kind)) return undefined;
	return (await isSoundAlone(bytes))
		? { other: { kind: 'noPicture', container: AVI.name, hasSound: true } }
		: { format: AVI };
}

/** Whether an AVI's header lists streams, but no video stream. */
async function isSoundAlone(bytes: FileBytes): Promise<boolean> {
	const header = await findList(bytes, HEADER_BYTES + KIND_BYTES, 'hdrl');
	if (!header) return false;
	let hasSound = false;
	let position = header.start;
	while (position < header.end) {
		const chunk = await readChunk(bytes, position);
		if (!chunk) return false;
		if (chunk.kind === 'strl') {
			const stream = await readChunk(bytes, chunk.start);
			const type = stream?.type === 'strh' ? await text(bytes, stream.start) : '';
			if (type === SOUND) hasSound = true;
			// A video stream, or something unknown.
			else if (PICTURES.has(type) || !ACCOMPANYING.has(type)) return false;
		}
		position = chunk.end;
	}
	return hasSound;
}

async function findList(bytes: FileBytes, from: number, kind: string): Promise<Chunk | undefined> {
	for (let position = from; ;) {
		const chunk = await readChunk(bytes, position);
		if (!chunk || chunk.kind === kind) return chunk;
		position = chunk.end;
	}
}

async function readChunk(bytes: FileBytes, position: number): Promise<Chunk | undefined> {
	const header = await bytes.at(position, HEADER_BYTES + KIND_BYTES);
	if (!header) return undefined;
	const type = header.toString('latin1', 0, 4);
	const size = header.readUInt32LE(4);
	const isList = type === 'LIST';
	const start = position + HEADER_BYTES + (isList ? KIND_BYTES : 0);
	// Chunks begin at even positions.
	const end = position + HEADER_BYTES + size + (size % 2);
	return { type, kind: isList ? header.toString('latin1', 8, 12) : '', start, end };
}

async function text(bytes: FileBytes, position: number): Promise<string> {
	return (await bytes.at(position, 4))?.toString('latin1') ?? '';
}
