/** What a file is, by its first bytes. Names and MIME types from elsewhere are hearsay. */
export interface FileFormat {
	name: 'JPEG' | 'PNG' | 'WebP' | 'MP4' | 'MOV' | 'AVI';
	mimeType: string;
	/** Extensions that every server knows for the format; the first one is the usual one. */
	extensions: readonly [string, ...string[]];
}

export const JPEG: FileFormat = {
	name: 'JPEG',
	mimeType: 'image/jpeg',
	extensions: ['jpg', 'jpeg'],
};
export const PNG: FileFormat = { name: 'PNG', mimeType: 'image/png', extensions: ['png'] };
export const WEBP: FileFormat = { name: 'WebP', mimeType: 'image/webp', extensions: ['webp'] };
export const MP4: FileFormat = { name: 'MP4', mimeType: 'video/mp4', extensions: ['mp4'] };
export const MOV: FileFormat = {
	name: 'MOV',
	mimeType: 'video/quicktime',
	extensions: ['mov'],
};
export const AVI: FileFormat = { name: 'AVI', mimeType: 'video/x-msvideo', extensions: ['avi'] };

/** Bytes from the start of a file that `detectFormat` looks at; fewer are fine for a small file. */
export const HEAD_BYTES = 512;

/**
 * Major brands of the ISO base media format that are MP4 video: ISO/IEC 14496-12 and -14, DASH and
 * CMAF segments, AVC, Apple's and Adobe's MP4 video, and camera makers' names for plain MP4.
 */
const MP4_BRANDS =
	/^(iso[\dam]|mp4[\dv]|mp7\d|avc\d|hvc\d|hev\d|av01|dash|msd[hi]|cmf\w|M4V[ HP]|MSNV|[Ff]4[Vv] |mmp4|nd[sx]\w|ND[SX]\w|XAVC|CAEP|dby1|piff|isml)$/;

/** The format of a file that begins with `head`, or undefined for everything BitMind can't check. */
export function detectFormat(head: Buffer): FileFormat | undefined {
	// FF D8 FF F7 is JPEG-LS, another format.
	if (startsWith(head, [0xff, 0xd8, 0xff])) return head[3] === 0xf7 ? undefined : JPEG;
	if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return PNG;
	if (ascii(head, 0, 4) === 'RIFF') {
		if (ascii(head, 8, 12) === 'WEBP') return WEBP;
		return ascii(head, 8, 12) === 'AVI ' ? AVI : undefined;
	}
	return detectIsoMedia(head);
}

/**
 * MP4 and MOV are one family of boxes: `size` (4 bytes, big endian), `type` (4 characters), payload.
 * Files say by the brands in their `ftyp` box which member they are; QuickTime files from before
 * 2001 have no such box and begin with the movie itself, or with padding in front of it.
 */
function detectIsoMedia(head: Buffer): FileFormat | undefined {
	let offset = 0;
	while (offset + 8 <= head.length) {
		const size = head.readUInt32BE(offset);
		const type = ascii(head, offset + 4, offset + 8);
		if (type === 'ftyp') return formatOfBrands(head.subarray(offset, offset + Math.max(size, 8)));
		if (isText(head.subarray(offset, offset + 4))) return undefined;
		if (type === 'moov' || type === 'mdat') return isPlausibleSize(size) ? MOV : undefined;
		const isPadding =
			type === 'wide' || type === 'free' || type === 'skip' || type === 'pnot' || type === 'PICT';
		if (!isPadding || size < 8) return undefined;
		offset += size;
	}
	// Padding that reaches past the bytes at hand: only QuickTime files begin so.
	return offset > 0 ? MOV : undefined;
}

/** 0: to the end of the file; 1: a 64-bit size follows; both are usual for `mdat`. */
function isPlausibleSize(size: number): boolean {
	return size === 0 || size === 1 || size >= 8;
}

/** 'Get free beer' would be a box named `free`. */
function isText(size: Buffer): boolean {
	return size.every((byte) => byte >= 0x20 && byte <= 0x7e);
}

function formatOfBrands(ftyp: Buffer): FileFormat | undefined {
	const major = brandFormat(ascii(ftyp, 8, 12));
	if (major !== 'unknown') return major;
	for (let offset = 16; offset + 4 <= ftyp.length; offset += 4) {
		const compatible = brandFormat(ascii(ftyp, offset, offset + 4));
		if (compatible !== 'unknown') return compatible;
	}
	return undefined;
}

/** 'unknown' leaves the decision to the next brand; undefined is known not to be MP4 or MOV. */
function brandFormat(brand: string): FileFormat | undefined | 'unknown' {
	if (brand === 'qt  ') return MOV;
	if (MP4_BRANDS.test(brand)) return MP4;
	// Still pictures (HEIF, AVIF, JPEG 2000, Canon raw), sound (M4A, M4B, M4P) and 3GPP.
	if (/^(he[ivm]\w|mif\d|msf\d|miaf|avi[fs]|j[p2]\w.|crx |M4[ABP] |3g\w\w|3G\w\w)$/.test(brand)) {
		return undefined;
	}
	return 'unknown';
}

function startsWith(head: Buffer, signature: readonly number[]): boolean {
	return signature.every((byte, index) => head[index] === byte);
}

function ascii(head: Buffer, from: number, to: number): string {
	return head.toString('latin1', from, to);
}
