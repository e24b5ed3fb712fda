import { MOV, MP4 } from './fileFormat';
import type { Recognized } from './recognized';

/**
 * Brands of the ISO base media format that are MP4 video: ISO/IEC 14496-12 and -14, DASH and CMAF
 * segments, AVC, Apple's and Adobe's MP4 video, and camera makers' names for plain MP4.
 */
const MP4_BRAND =
	/^(iso[\dam]|mp4[\dv]|mp7\d|avc\d|hvc\d|hev\d|av01|dash|msd[hi]|cmf\w|M4V[ HP]|MSNV|[Ff]4[Vv] |mmp4|nd[sx]\w|ND[SX]\w|XAVC|CAEP|dby1|piff|isml)$/;

/** Brands of pictures and sound, in the same boxes. */
const OTHER_BRANDS: readonly [brand: RegExp, found: Recognized][] = [
	[/^(hei[cxms]|hev[cxms]|avc[is])$/, { other: { kind: 'heic' } }],
	[/^(avi[fos]|MA1[AB])$/, { other: { kind: 'picture', name: 'AVIF' } }],
	[/^(j[p2]\w.|mjp2)$/, { other: { kind: 'picture', name: 'JPEG 2000' } }],
	[/^jxl $/, { other: { kind: 'picture', name: 'JPEG XL' } }],
	[/^crx $/, { other: { kind: 'picture', name: 'CR3' } }],
	[/^M4[ABP] $/, { other: { kind: 'sound', name: 'M4A' } }],
	[/^F4[AB] $/, { other: { kind: 'sound', name: 'F4A' } }],
];

/** HEIF without a codec of its own: the next brand tells whether that is HEIC or AVIF. */
const HEIF_BRAND = /^(mif\d|msf\d|miaf)$/;

/** 3GPP and 3GPP2, which phones write. */
const PHONE_BRAND = /^3[gG][\w ]{2}$/;

/** What the brands of a file say, or that they leave it open. */
export type Branded = Recognized | 'phone' | 'unknown';

/**
 * The first known brand decides. Two brands leave the decision to those that follow: HEIF, which names
 * its codec there, and 3GPP, because phones also name MP4 there.
 */
export function readBrands(brands: readonly string[]): Branded {
	let isHeif = false;
	let isPhone = false;
	for (const brand of brands) {
		if (HEIF_BRAND.test(brand)) isHeif = true;
		if (PHONE_BRAND.test(brand)) isPhone = true;
		const found = readBrand(brand);
		if (isHeif && found?.format) continue;
		if (isPhone && found?.other) continue;
		if (found) return found;
	}
	if (isHeif) return { other: { kind: 'heic' } };
	return isPhone ? 'phone' : 'unknown';
}

function readBrand(brand: string): Recognized | undefined {
	if (brand === 'qt  ') return { format: MOV };
	const other = OTHER_BRANDS.find(([pattern]) => pattern.test(brand));
	if (other) return other[1];
	return MP4_BRAND.test(brand) ? { format: MP4 } : undefined;
}
