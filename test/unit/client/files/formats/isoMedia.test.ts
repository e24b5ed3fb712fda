import { box, bytes, ftyp, longBox, moov, trak } from '../../../../support/films';
import { inStream, onDisk, shortly } from './recognizing';

const mdat = box('mdat', Buffer.alloc(2_000));
const whole = (...boxes: Buffer[]) => Buffer.concat(boxes);

const MP4_BRANDS =
	'isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 isoa mp41 mp42 mp71 avc1 av01 hvc1 hev1 dash msdh ' +
	'msdi cmfc cmff M4V  M4VH M4VP MSNV F4V  f4v  mmp4 ndsc NDSM XAVC CAEP dby1 piff isml';
it.each(MP4_BRANDS.match(/\w[\w ]{3}(?= |$)/g) ?? [])(
	'treats the brand "%s" as MP4',
	async (brand) => {
		expect(shortly(await inStream(ftyp(brand.padEnd(4))))).toBe('MP4');
	},
);

it.each([
	['heic', 'heic', 'mif1', 'mp42'],
	['heic', 'heix', 'mif1', 'isom'],
	['heic', 'hevc', 'msf1'],
	['heic', 'heim', 'mif1'],
	['heic', 'mif1', 'heic', 'mp42'],
	['heic', 'mif1', 'mp42', 'heic'],
	['heic', 'mif1'],
	['heic', 'msf1', 'hevc', 'iso8'],
	['heic', 'miaf', 'isom'],
	['heic', 'avci', 'mif1'],
	['heic', 'wxyz', 'heic', 'mp42'],
	['heic', 'wxyz', 'mif1', 'mp42'],
	['picture', 'avif', 'mif1', 'miaf'],
	['picture', 'avis', 'avif', 'iso8'],
	['picture', 'mif1', 'miaf', 'avif'],
	['picture', 'crx ', 'isom'],
	['picture', 'jp2 ', 'jp2 '],
	['picture', 'jpx ', 'jp2 '],
	['picture', 'jxl ', 'jxl '],
	['sound', 'M4A ', 'mp42', 'isom'],
	['sound', 'M4B ', 'mp42', 'isom'],
	['sound', 'M4P ', 'M4A ', 'mp42'],
	['sound', 'F4A ', 'mp42'],
])(
	'recognizes "%s" by the first brand "%s", whatever the compatible brands',
	async (kind, ...brands) => {
		const [major, ...compatible] = brands as [string, ...string[]];
		expect(shortly(await inStream(ftyp(major, ...compatible)))).toBe(kind);
	},
);

describe('a file of a phone', () => {
	it.each([
		['3gp4', 'isom', 'mp42'],
		['3gp5', '3gp5', 'iso2', 'avc1', 'mp41'],
		['3gp6', 'mp42', '3gp6'],
		['3g2a', '3g2b', 'mp41'],
		['3gr6', 'isom'],
		['wxyz', '3gp4', 'isom'],
		['3gp5', 'M4A ', 'mp42'],
	])('of the brand "%s" that is compatible with MP4 is MP4', async (major, ...compatible) => {
		expect(shortly(await inStream(ftyp(major, ...compatible)))).toBe('MP4');
		const content = whole(ftyp(major, ...compatible), mdat, moov('vide', 'soun'));
		expect(shortly(await onDisk(content))).toBe('MP4');
	});

	it.each([['3gp4'], ['3gp5', '3gp4'], ['3g2a', '3g2a'], ['3GP4']])(
		'of the brand "%s" alone is 3GPP',
		async (major, ...compatible) => {
			const expected = { other: { kind: 'video', name: '3GPP' } };
			expect(await inStream(ftyp(major, ...compatible))).toEqual(expected);
			const content = whole(ftyp(major, ...compatible), mdat, moov('vide', 'soun'));
			expect(await onDisk(content)).toEqual(expected);
		},
	);
});

it.each([
	['qt first', ['qt  '], 'MOV'],
	['qt, compatible with MP4', ['qt  ', 'isom', 'mp42'], 'MOV'],
	['an unknown brand, compatible with MP4', ['wxyz', 'zzzz', 'mp42'], 'MP4'],
	['an unknown brand, compatible with QuickTime', ['wxyz', 'qt  '], 'MOV'],
	['only unknown brands', ['wxyz', 'zzzz'], 'unknownBrand'],
])('reads %s', async (_, brands, expected) => {
	expect(shortly(await inStream(ftyp(...(brands as [string]))))).toBe(expected);
});

it('looks at the tracks of a file with unknown brands', async () => {
	expect(shortly(await onDisk(whole(ftyp('wxyz'), mdat, moov('vide'))))).toBe('MP4');
	expect(shortly(await onDisk(whole(ftyp('wxyz'), mdat, moov('soun'))))).toBe('noPicture');
	expect(await onDisk(whole(ftyp('wxyz'), mdat))).toEqual({
		other: { kind: 'unknownBrand', brand: 'wxyz' },
	});
});

it('reads no more brands than the box holds', async () => {
	const small = box('ftyp', 'wxyz\0\0\0\0', 16);
	expect(shortly(await inStream(whole(small, bytes('mp42'))))).toBe('unknownBrand');
});

const PADDING = box('free', Buffer.alloc(3_000));

it.each([
	['uuid', box('uuid', Buffer.alloc(700)), 'MOV'],
	['udta', box('udta', Buffer.alloc(20)), 'MOV'],
	['meta', box('meta', Buffer.alloc(20)), 'MOV'],
	['sidx', box('sidx', Buffer.alloc(32)), 'MP4'],
	['styp', box('styp', 'msdh\0\0\0\0msdhmsix'), 'MP4'],
	['emsg', box('emsg', Buffer.alloc(40)), 'MP4'],
	['pdin', box('pdin', Buffer.alloc(12)), 'MP4'],
	['prft', box('prft', Buffer.alloc(24)), 'MP4'],
	['wide', box('wide'), 'MOV'],
	['skip', box('skip', 'xx'), 'MOV'],
	['a preview', whole(box('pnot', Buffer.alloc(12)), box('PICT', Buffer.alloc(900))), 'MOV'],
	['more than 512 bytes of free', PADDING, 'MOV'],
	['free in 64 bits', longBox('free', Buffer.alloc(3_000)), 'MOV'],
	['several of them', whole(box('wide'), PADDING, box('uuid', Buffer.alloc(16)), PADDING), 'MOV'],
])('bug: %s may precede the movie', async (_, first, format) => {
	expect(shortly(await onDisk(whole(first, moov('vide'), mdat)))).toBe(format);
	expect(shortly(await onDisk(whole(first, mdat, moov('vide'))))).toBe(format);
	expect(shortly(await onDisk(whole(first, mdat, moov('soun'))))).toBe('noPicture');
	expect(shortly(await onDisk(whole(first, ftyp('mp42'), moov('vide'))))).toBe('MP4');
	expect(shortly(await onDisk(whole(first, ftyp('heic'), mdat)))).toBe('heic');
	// What follows the head of a stream can't be read, so the file is sent.
	expect(shortly(await inStream(whole(first, mdat, moov('soun'))))).toBe(format);
});

it.each([
	['in 64 bits', longBox('ftyp', 'mp42\0\0\0\0isom'), 'MP4'],
	['in 64 bits, of a picture', longBox('ftyp', 'heic\0\0\0\0mif1'), 'heic'],
	['of a whole kilobyte', ftyp('wxyz', ...Array<string>(240).fill('abcd'), 'mp42'), 'MP4'],
])('reads the brands of an ftyp with a size %s', async (_, first, expected) => {
	expect(shortly(await onDisk(whole(first, mdat)))).toBe(expected);
});

it.each([
	['moov', box('moov', 'x'.repeat(40))],
	['mdat', mdat],
	['mdat to the end of the file', box('mdat', 'xxxx', 0)],
	['mdat of more than 512 MiB', box('mdat', 'xxxx', 0x24000000)],
	['mdat with a 64-bit size', longBox('mdat', 'xxxxxxxx')],
	['wide, then mdat', whole(box('wide'), box('mdat', 'xxxx'))],
	['free, then skip, then moov', whole(box('free', 'xx'), box('skip'), box('moov'))],
])('treats a QuickTime file without ftyp as MOV: %s', async (_, content) => {
	expect(shortly(await inStream(content))).toBe('MOV');
	expect(shortly(await onDisk(content))).toBe('MOV');
});

describe('the tracks of a video', () => {
	const files: [string, (movie: Buffer) => Buffer][] = [
		['at its beginning', (movie) => whole(ftyp('isom'), movie, mdat)],
		['at its end', (movie) => whole(ftyp('isom'), PADDING, mdat, movie)],
		['after a 64-bit mdat', (movie) => whole(ftyp('isom'), longBox('mdat', 'xx'), movie)],
		['after unknown boxes', (movie) => whole(ftyp('qt  '), box('abcd', 'xx'), movie)],
		['in a box to the end of the file', (movie) => whole(ftyp('isom'), mdat, toTheEnd(movie))],
	];
	function toTheEnd(movie: Buffer): Buffer {
		return whole(Buffer.alloc(4), movie.subarray(4));
	}

	describe.each(files)('%s', (_, file) => {
		it.each([
			['picture', moov('vide')],
			['picture and sound', moov('vide', 'soun')],
			['sound and picture', moov('soun', 'soun', 'vide')],
			['subtitles and picture', moov('text', 'sbtl', 'vide')],
			['nothing', moov()],
			['an unknown handler', moov('soun', 'xyz9')],
			['a compressed header', box('moov', box('cmov', Buffer.alloc(200)))],
			['a track without media', box('moov', box('trak', box('tkhd')))],
			['a track without end', box('moov', whole(box('trak', 'xx', 4), trak('soun')))],
		])('%s: the file is sent', async (_name, movie) => {
			expect((await onDisk(file(movie))).format).toBeDefined();
		});

		it('only sound: not a video', async () => {
			for (const movie of [moov('soun'), moov('soun', 'text', 'tmcd'), moov('meta', 'soun')]) {
				expect((await onDisk(file(movie))).other).toMatchObject({
					kind: 'noPicture',
					hasSound: true,
				});
			}
		});

		it('only subtitles: not a video', async () => {
			expect((await onDisk(file(moov('text')))).other).toMatchObject({ hasSound: false });
		});
	});

	it('are found after a sound track with large tables', async () => {
		const movie = box('moov', whole(trak('soun', 300_000), trak('vide')));
		expect(shortly(await onDisk(whole(ftyp('mp42'), movie, mdat)))).toBe('MP4');
	});

	it('can be followed by four zeros', async () => {
		const movie = box('moov', whole(trak('soun'), Buffer.alloc(4)));
		expect(shortly(await onDisk(whole(ftyp('qt  '), movie)))).toBe('noPicture');
	});

	it("don't count if the file is cut off within them", async () => {
		const content = whole(ftyp('isom'), moov('soun', 'soun', 'vide'));
		for (let length = ftyp('isom').length; length < content.length; length++) {
			expect(shortly(await onDisk(content.subarray(0, length)))).toBe('MP4');
		}
	});

	it('are named by their container', async () => {
		const named = async (brand: string) => (await onDisk(whole(ftyp(brand), moov('soun')))).other;
		expect(await named('qt  ')).toMatchObject({ container: 'MOV' });
		expect(await named('mp42')).toMatchObject({ container: 'MP4' });
		expect(await named('3gp5')).toMatchObject({ container: '3GPP' });
	});
});

it.each([
	['ftyp without brands', box('ftyp')],
	['ftyp cut off before its brand', bytes('\0\0\0\x18ftyp')],
	['only zeros as a brand', ftyp('\0\0\0\0').subarray(0, 8)],
	['moov with an impossible size', box('moov', 'xxxx', 5)],
	['padding with an impossible size', box('free', 'xxxx', 4)],
	['padding before anything else', whole(box('free', 'xxxx'), Buffer.alloc(40, 3))],
	['a size of 64 bits that is too small', longBox('free', 'xxxx', 9)],
])("doesn't treat %s as a video", async (_, content) => {
	expect((await onDisk(content)).format).toBeUndefined();
});

it.each(['Get free beer', 'The wide world', "Don't", '2001moov', 'Any mdatum', 'Let skip it be'])(
	"doesn't treat a text as a video because of its fifth to eighth letter: %s",
	async (text) => {
		expect(shortly(await onDisk(bytes(text.padEnd(600, '.'))))).toBe('text');
	},
);
