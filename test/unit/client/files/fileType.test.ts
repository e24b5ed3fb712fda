import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { detectFormat, HEAD_BYTES } from '../../../../client/files/fileType';
import { IMAGES, VIDEOS } from '../../../../client/model/mediaKind';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const nameOf = (head: Buffer) => detectFormat(head)?.name;

function box(type: string, payload: Buffer | string = '', size?: number): Buffer {
	const content = Buffer.from(payload as string, 'latin1');
	const head = Buffer.alloc(8);
	head.writeUInt32BE(size ?? 8 + content.length);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, content]);
}

const ftyp = (major: string, ...compatible: string[]) =>
	box('ftyp', `${major}\0\0\x02\0${compatible.join('')}`);

const riff = (kind: string) => Buffer.from(`RIFF\x24\0\0\0${kind}`, 'latin1');

it.each([
	['JPEG with JFIF', bytes('ffd8ffe0 00104a46'), 'JPEG'],
	['JPEG with Exif', bytes('ffd8ffe1 12344578'), 'JPEG'],
	['JPEG that begins with a table', bytes('ffd8ffdb 00430001'), 'JPEG'],
	['JPEG with a comment first', bytes('ffd8fffe 00100001'), 'JPEG'],
	['PNG', bytes('89504e470d0a1a0a 0000000d'), 'PNG'],
	['WebP, lossy', riff('WEBPVP8 '), 'WebP'],
	['WebP, extended', riff('WEBPVP8X'), 'WebP'],
	['AVI', riff('AVI LIST'), 'AVI'],
])('tells %s', (_, head, name) => {
	expect(nameOf(head)).toBe(name);
});

const MP4_BRANDS =
	'isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 isoa mp41 mp42 mp71 avc1 av01 hvc1 hev1 dash msdh ' +
	'msdi cmfc cmff M4V  M4VH M4VP MSNV F4V  f4v  mmp4 ndsc NDSM XAVC CAEP dby1 piff isml';
it.each(MP4_BRANDS.match(/\w[\w ]{3}(?= |$)/g) ?? [])('takes the brand "%s" for MP4', (brand) => {
	expect(nameOf(ftyp(brand.padEnd(4)))).toBe('MP4');
});

it.each([
	['heic', 'mif1', 'mp42'],
	['heix', 'mif1', 'isom'],
	['hevc', 'msf1'],
	['heim', 'mif1'],
	['mif1', 'heic', 'mp42'],
	['msf1', 'hevc', 'iso8'],
	['miaf', 'isom'],
	['avif', 'mif1', 'miaf'],
	['avis', 'avif', 'iso8'],
	['M4A ', 'mp42', 'isom'],
	['M4B ', 'mp42', 'isom'],
	['M4P ', 'M4A ', 'mp42'],
	['3gp4', 'isom', 'mp42'],
	['3gp5', '3gp4'],
	['3g2a', '3g2b'],
	['3gr6', 'isom'],
	['crx ', 'isom'],
	['jp2 ', 'jp2 '],
	['jpx ', 'jp2 '],
])('takes the brand "%s" for no video, whatever it is compatible with', (major, ...compatible) => {
	expect(nameOf(ftyp(major, ...compatible))).toBeUndefined();
});

it.each([
	['qt first', ['qt  '], 'MOV'],
	['qt, compatible with MP4', ['qt  ', 'isom', 'mp42'], 'MOV'],
	['an unknown brand, compatible with MP4', ['wxyz', 'zzzz', 'mp42'], 'MP4'],
	['an unknown brand, compatible with QuickTime', ['wxyz', 'qt  '], 'MOV'],
	['an unknown brand, compatible with HEIC first', ['wxyz', 'heic', 'mp42'], undefined],
	['only unknown brands', ['wxyz', 'zzzz'], undefined],
	['no brand but zeros', ['\0\0\0\0'], undefined],
])('reads %s', (_, brands, name) => {
	expect(nameOf(ftyp(...(brands as [string])))).toBe(name);
});

it.each([
	['moov first', box('moov', 'x'.repeat(40))],
	['mdat first', box('mdat', 'x'.repeat(40))],
	['mdat to the end of the file', box('mdat', 'xxxx', 0)],
	['mdat of more than 512 MiB', box('mdat', 'xxxx', 0x24000000)],
	['mdat with a 64-bit size', box('mdat', 'xxxxxxxx', 1)],
	['wide, then mdat', Buffer.concat([box('wide'), box('mdat', 'xxxx')])],
	['free, then skip, then moov', Buffer.concat([box('free', 'xx'), box('skip'), box('moov')])],
	['a preview, then moov', Buffer.concat([box('pnot', 'x'.repeat(12)), box('moov')])],
	['padding beyond the head', box('free', 'x'.repeat(504), 4096)],
])('takes a QuickTime file without ftyp for MOV: %s', (_, head) => {
	expect(nameOf(head)).toBe('MOV');
});

it('finds ftyp behind padding', () => {
	expect(nameOf(Buffer.concat([box('free', 'xx'), ftyp('mp42')]))).toBe('MP4');
	expect(nameOf(Buffer.concat([box('skip'), ftyp('heic', 'mp42')]))).toBeUndefined();
});

it.each([
	['nothing', Buffer.alloc(0)],
	['one byte', Buffer.from([0xff])],
	['two bytes of a JPEG', bytes('ffd8')],
	['JPEG-LS', bytes('ffd8fff7 000b0800')],
	['JPEG XL', bytes('ff0afa7f')],
	['a PNG without its line end', bytes('89504e470d0a1a')],
	['a PNG broken by a text transfer', bytes('89504e470a1a0a00')],
	['GIF', Buffer.from('GIF89a\x01\0\x01\0')],
	['PDF', Buffer.from('%PDF-1.7\n')],
	['text', Buffer.from('just a note')],
	['HTML', Buffer.from('<!doctype html><html>')],
	['WAV', riff('WAVEfmt ')],
	['a RIFF cut off before its kind', Buffer.from('RIFF\x24\0\0\0WEB')],
	['ftyp cut off before its brand', Buffer.from('\0\0\0\x18ftyp')],
	['moov with an impossible size', box('moov', 'xxxx', 5)],
	['padding with an impossible size', box('free', 'xxxx', 4)],
	['Matroska', bytes('1a45dfa3 01000000')],
	['BMP', Buffer.from('BM\x36\0\0\0\0\0')],
])('refuses %s', (_, head) => {
	expect(nameOf(head)).toBeUndefined();
});

it.each(['Get free beer', 'The wide world', "Don't", '2001moov', 'Any mdatum', 'Let skip it be'])(
	'does not take a text for a film because of its fifth to eighth letter: %s',
	(text) => {
		expect(nameOf(Buffer.from(text.padEnd(600, '.')))).toBeUndefined();
	},
);

it('reads no further than a brand box says', () => {
	const small = box('ftyp', 'wxyz\0\0\0\0', 16);
	expect(nameOf(Buffer.concat([small, Buffer.from('mp42')]))).toBeUndefined();
});

describe('real samples', () => {
	const media = join(__dirname, '../../../fixtures/media');
	const samples = (folder: string) =>
		readdirSync(join(media, folder)).map((name) => ({
			name,
			head: readFileSync(join(media, folder, name)).subarray(0, HEAD_BYTES),
		}));

	it.each(samples('images'))('image $name', ({ name, head }) => {
		const format = detectFormat(head);
		expect(IMAGES.formats).toContain(format);
		expect(format?.extensions).toContain(name.split('.').pop());
	});

	it.each(samples('videos'))('video $name', ({ name, head }) => {
		const format = detectFormat(head);
		expect(VIDEOS.formats).toContain(format);
		expect(format?.extensions).toContain(name.split('.').pop());
	});

	it.each(samples('notMedia'))('neither: $name', ({ head }) => {
		expect(detectFormat(head)).toBeUndefined();
	});
});
