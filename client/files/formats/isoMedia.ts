import type { FileBytes } from './fileBytes';
import { MOV, MP4, type FileFormat } from './fileFormat';
import { readBox, type Box } from './isoBox';
import { readBrands, type Branded } from './isoBrands';
import { readTracks, type Tracks } from './isoTracks';
import type { Recognized } from './recognized';

/** Boxes that a file may begin with, and what it is if no brands follow. */
const FIRST_BOXES: Readonly<Record<string, FileFormat>> = {
	ftyp: MP4,
	styp: MP4,
	sidx: MP4,
	ssix: MP4,
	emsg: MP4,
	prft: MP4,
	pdin: MP4,
	moof: MP4,
	moov: MOV,
	mdat: MOV,
	wide: MOV,
	free: MOV,
	skip: MOV,
	pnot: MOV,
	PICT: MOV,
	udta: MOV,
	uuid: MOV,
	meta: MOV,
};

/** If one of these boxes follows, the ones before it are real boxes, and no coincidence. */
const SURE_BOXES = new Set(['ftyp', 'styp', 'sidx', 'moof', 'moov', 'mdat']);

/** What to call the container of a file whose brands don't name its format. */
const CONTAINERS = { phone: '3GPP', unknown: 'MP4' } as const;

/** Maximum bytes of brands to read, far more than any file has. */
const MAX_BRAND_BYTES = 1024;

/**
 * MP4 and MOV consist of the same kind of boxes. The brands in the `ftyp` box tell them apart. Segments
 * of streams begin with other boxes, and QuickTime files from before 2001 with the movie itself or with
 * padding. The `moov` box, at the beginning or the end of a file, lists the tracks.
 *
 * @returns undefined for a file of another family
 */
export async function recognizeIsoMedia(bytes: FileBytes): Promise<Recognized | undefined> {
	let box = await readBox(bytes, 0, bytes.size);
	if (typeof box === 'string' || isText(bytes.head.subarray(0, 4))) return undefined;
	const assumed = FIRST_BOXES[box.type];
	if (!assumed) return undefined;

	let brands: readonly string[] = [];
	let branded: Branded = { format: assumed };
	let tracks: Tracks = 'unknown';
	let isSure = false;
	while (typeof box !== 'string') {
		isSure ||= SURE_BOXES.has(box.type);
		if (!isSure && !(box.type in FIRST_BOXES)) return undefined;
		if (box.type === 'ftyp' || (box.type === 'styp' && brands.length === 0)) {
			brands = await readBrandBox(bytes, box);
			branded = readBrands(brands);
			if (typeof branded === 'object' && branded.other) return branded;
		}
		if (box.type === 'moov') tracks = await readTracks(bytes, box);
		// After `moof` come the segments of a stream. Their `moov`, if there is one, comes before it.
		if (box.type === 'moov' || box.type === 'moof') break;
		box = await readBox(bytes, box.end, bytes.size);
	}
	if (box === 'malformed' && !isSure) return undefined;
	return conclude(branded, tracks, brands[0]);
}

/** A text such as 'Get free beer' would begin with a box named `free`. */
function isText(size: Buffer): boolean {
	return size.every((byte) => byte >= 0x20 && byte <= 0x7e);
}

/** The major brand and the compatible brands. A version number lies between them. */
async function readBrandBox(bytes: FileBytes, { start, end }: Box): Promise<string[]> {
	const length = Math.min(end, bytes.size, start + MAX_BRAND_BYTES) - start;
	const text = (await bytes.at(start, length))?.toString('latin1') ?? '';
	const brands = text.match(/[^]{4}/g) ?? [];
	return brands.toSpliced(1, 1);
}

function conclude(branded: Branded, tracks: Tracks, brand = ''): Recognized | undefined {
	if (tracks === 'sound' || tracks === 'neither') {
		const container = typeof branded === 'object' ? branded.format?.name : CONTAINERS[branded];
		const hasSound = tracks === 'sound';
		return { other: { kind: 'noPicture', container: container ?? 'MP4', hasSound } };
	}
	if (branded === 'phone') return { other: { kind: 'video', name: '3GPP' } };
	if (branded !== 'unknown') return branded;
	// As players do, which ignore an unknown brand.
	if (tracks === 'picture') return { format: MP4 };
	return brand ? { other: { kind: 'unknownBrand', brand } } : undefined;
}
