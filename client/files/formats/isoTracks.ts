import type { FileBytes } from './fileBytes';
import { readBox, type Box } from './isoBox';

/** What the tracks of a video contain, as far as they can be read. */
export type Tracks = 'picture' | 'sound' | 'neither' | 'unknown';

const PICTURE = 'vide';
const SOUND = 'soun';
/** Subtitles, time codes and other data that accompany picture or sound. */
const ACCOMPANYING = new Set([
	'text',
	'sbtl',
	'subt',
	'clcp',
	'tmcd',
	'meta',
	'hint',
	'odsm',
	'sdsm',
]);

/** A handler's type follows its version, its flags and a reserved field. */
const HANDLER_OFFSET = 8;

/** Reads a `moov` box. The result stays open if anything in it can't be understood. */
export async function readTracks(bytes: FileBytes, moov: Box): Promise<Tracks> {
	const end = Math.min(moov.end, bytes.size);
	let found: Tracks = 'unknown';
	for (let position = moov.start; ;) {
		const box = await readBox(bytes, position, end);
		if (typeof box === 'string') {
			// Some writers end a list with four zeros.
			const isComplete = box === 'beyond' && moov.end <= bytes.size && end - position < 8;
			return isComplete ? found : 'unknown';
		}
		// The header is compressed, so it can't be read here.
		if (box.type === 'cmov') return 'unknown';
		if (box.type === 'trak') {
			const handler = await readHandler(bytes, box);
			if (handler === PICTURE) return 'picture';
			if (handler === SOUND) found = 'sound';
			else if (!ACCOMPANYING.has(handler)) return 'unknown';
			else if (found === 'unknown') found = 'neither';
		}
		position = box.end;
	}
}

/** The type of a track's media; empty if it has none. */
async function readHandler(bytes: FileBytes, trak: Box): Promise<string> {
	const media = await findChild(bytes, trak, 'mdia');
	const handler = media && (await findChild(bytes, media, 'hdlr'));
	const type = handler && (await bytes.at(handler.start + HANDLER_OFFSET, 4));
	return type?.toString('latin1') ?? '';
}

async function findChild(bytes: FileBytes, parent: Box, type: string): Promise<Box | undefined> {
	for (let position = parent.start; ;) {
		const box = await readBox(bytes, position, parent.end);
		if (typeof box === 'string') return undefined;
		if (box.type === type) return box;
		position = box.end;
	}
}
