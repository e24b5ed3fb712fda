/** Deliberately independent of the client's own detection, so that they can't share a mistake. */
export interface MediaFormat {
	name: 'JPEG' | 'PNG' | 'WebP' | 'MP4' | 'AVI' | 'MOV';
	contentTypes: readonly string[];
	extensions: readonly string[];
}

export const HEAD_BYTES = 64;

const JPEG: MediaFormat = {
	name: 'JPEG',
	contentTypes: ['image/jpeg'],
	extensions: ['jpg', 'jpeg'],
};
const PNG: MediaFormat = { name: 'PNG', contentTypes: ['image/png'], extensions: ['png'] };
const WEBP: MediaFormat = { name: 'WebP', contentTypes: ['image/webp'], extensions: ['webp'] };
const MP4: MediaFormat = { name: 'MP4', contentTypes: ['video/mp4'], extensions: ['mp4', 'm4v'] };
const AVI: MediaFormat = {
	name: 'AVI',
	contentTypes: ['video/x-msvideo', 'video/vnd.avi', 'video/avi'],
	extensions: ['avi'],
};
const MOV: MediaFormat = {
	name: 'MOV',
	contentTypes: ['video/quicktime'],
	extensions: ['mov', 'qt'],
};

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG_SIGNATURE = Buffer.from([0xff, 0xd8, 0xff]);

const MP4_BRAND = /^(iso[m2-9a-c]|mp4[12]|mp71|avc1|MSNV|M4V[ HP]|dash|mmp4|XAVC)$/;
/** The same container with only pictures or sound. Such files also name 'isom' or 'mp42' as compatible. */
const NOT_VIDEO_BRAND = /^(hei[cxms]|hev[cx]|mif1|msf1|avi[fs]|crx |M4[ABP] )$/;
/** Atoms with which an old QuickTime file, one without `ftyp`, may begin. */
const MOV_FIRST_ATOM = /^(moov|mdat|wide|free|skip|pnot|uuid|udta|meta)$/;
/** Boxes with which the segments of a stream begin. */
const SEGMENT_FIRST_ATOM = /^(styp|sidx|emsg|prft|pdin|moof)$/;
const AVI_KINDS = ['AVI ', 'AVIX', 'AVI\x19'];

export function imageFormatOf(head: Buffer): MediaFormat | undefined {
	if (head.subarray(0, 3).equals(JPEG_SIGNATURE)) return JPEG;
	if (head.subarray(0, 8).equals(PNG_SIGNATURE)) return PNG;
	return riffKind(head) === 'WEBP' ? WEBP : undefined;
}

export function videoFormatOf(head: Buffer): MediaFormat | undefined {
	if (AVI_KINDS.includes(riffKind(head) ?? '')) return AVI;
	if (head.length < 12) return undefined;
	const atom = head.toString('latin1', 4, 8);
	if (MOV_FIRST_ATOM.test(atom)) return MOV;
	if (SEGMENT_FIRST_ATOM.test(atom)) return MP4;
	if (atom !== 'ftyp') return undefined;
	// A size of 1 means that the real size follows in 64 bits.
	return brandedFormatOf(head.readUInt32BE(0) === 1 ? head.subarray(8) : head);
}

function brandedFormatOf(head: Buffer): MediaFormat | undefined {
	const major = head.toString('latin1', 8, 12);
	if (major === 'qt  ') return MOV;
	if (NOT_VIDEO_BRAND.test(major)) return undefined;
	const end = Math.min(head.readUInt32BE(0) || head.length, head.length);
	const brands = [major];
	for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4));
	return brands.some((brand) => MP4_BRAND.test(brand)) ? MP4 : undefined;
}

function riffKind(head: Buffer): string | undefined {
	return head.toString('latin1', 0, 4) === 'RIFF' ? head.toString('latin1', 8, 12) : undefined;
}
