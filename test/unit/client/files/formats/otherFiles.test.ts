import { bytes } from '../../../../support/films';
import { onDisk } from './recognizing';

const at = (position: number, text: string, start = '') => start.padEnd(position, '\0') + text;

it.each([
	['GIF', 'GIF89a\x01\0\x01\0', { kind: 'gif' }],
	['JPEG-LS', '\xff\xd8\xff\xf7\0\x0b\x08\0', { kind: 'picture', name: 'JPEG-LS' }],
	['JPEG XL', '\xff\x0a\xfa\x7f', { kind: 'picture', name: 'JPEG XL' }],
	['JPEG XL in boxes', '\0\0\0\x0cJXL \r\n\x87\n', { kind: 'picture', name: 'JPEG XL' }],
	['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', { kind: 'picture', name: 'JPEG 2000' }],
	['a JPEG 2000 stream', '\xff\x4f\xff\x51\0\x2f', { kind: 'picture', name: 'JPEG 2000' }],
	['BMP', 'BM\x36\x24\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0', { kind: 'picture', name: 'BMP' }],
	['TIFF', 'II*\0\x9c\x24\0\0', { kind: 'picture', name: 'TIFF' }],
	['a Canon raw', 'II*\0\x10\0\0\0CR\x02\0', { kind: 'picture', name: 'CR2' }],
	['PSD', '8BPS\0\x01', { kind: 'picture', name: 'PSD' }],
	['ICO', '\0\0\x01\0\x01\0\x10\x10', { kind: 'picture', name: 'ICO' }],
	['FLV', 'FLV\x01\x05', { kind: 'video', name: 'FLV' }],
	['MPEG', '\0\0\x01\xba\x44', { kind: 'video', name: 'MPEG' }],
	['MPEG-TS', at(376, 'G\x40', at(188, 'G\x40', 'G\x40')), { kind: 'video', name: 'MPEG-TS' }],
	['Theora', at(28, '\x80theora', 'OggS'), { kind: 'video', name: 'Ogg' }],
	['Opus', at(28, 'OpusHead', 'OggS'), { kind: 'sound', name: 'Ogg' }],
	['MP3', 'ID3\x04\0', { kind: 'sound', name: 'MP3' }],
	['MP3 without tags', '\xff\xfb\x90\x64', { kind: 'sound', name: 'MP3' }],
	['WAV', 'RIFF\x24\0\0\0WAVEfmt ', { kind: 'sound', name: 'WAV' }],
	['PDF', '%PDF-1.7\n', { kind: 'document', name: 'PDF' }],
	[
		'a Word file',
		'PK\x03\x04\x14\0\x06\0[Content_Types].xml',
		{ kind: 'document', name: 'Microsoft Office' },
	],
	['ZIP', 'PK\x03\x04\x14\0photo.jpg', { kind: 'archive', name: 'ZIP' }],
	['gzip', '\x1f\x8b\x08\0', { kind: 'archive', name: 'gzip' }],
	['RAR', 'Rar!\x1a\x07\x01\0', { kind: 'archive', name: 'RAR' }],
	['7-Zip', "7z\xbc\xaf'\x1c\0\x04", { kind: 'archive', name: '7-Zip' }],
	['TAR', at(257, 'ustar\x0000', 'photo.jpg'), { kind: 'archive', name: 'TAR' }],
	['OpenSSL', 'Salted__\x8f\x01', { kind: 'encrypted', name: 'OpenSSL' }],
	['PGP', '-----BEGIN PGP MESSAGE-----\n', { kind: 'encrypted', name: 'PGP' }],
	['age', 'age-encryption.org/v1\n', { kind: 'encrypted', name: 'age' }],
	['a program', 'MZ\x90\0\x03\0', { kind: 'program' }],
	["macOS's companion", '\0\x05\x16\x07\0\x02', { kind: 'appleDouble' }],
	['a playlist', '#EXTM3U\n#EXT-X-VERSION:3', { kind: 'playlist' }],
	['zeros', '\0'.repeat(600), { kind: 'zeros' }],
	['anything else', '\x8f\x3a\x00\x02\xff\x10\x11\x12\x13', unknown('8f 3a 00 02 ff 10 11 12')],
	['a few bytes', '\x01\x02', unknown('01 02')],
])('names %s', async (_, content, other) => {
	expect(await onDisk(bytes(content))).toEqual({ other });
});

function unknown(beginsWith: string): object {
	return { kind: 'unknown', beginsWith };
}

const EBML = '\x1aE\xdf\xa3\x9fB\x82\x84';

it.each([
	['WebM', `${EBML}webm`, { kind: 'video', name: 'WebM' }],
	['Matroska', `${EBML}matroska`, { kind: 'video', name: 'Matroska' }],
	[
		'WebM with a picture',
		`${EBML}webm A_VORBIS${'x'.repeat(5_000)}V_VP9`,
		{ kind: 'video', name: 'WebM' },
	],
	[
		'a voice message',
		`${EBML}webm A_OPUS`,
		{ kind: 'noPicture', container: 'WebM', hasSound: true },
	],
])('knows from the codecs of %s whether it has a picture', async (_, content, other) => {
	expect(await onDisk(bytes(content))).toEqual({ other });
});

describe('bytes that were once read as text', () => {
	const photo = bytes('\xff\xd8\xff\xe0\0\x10JFIF\0\x01').toString('latin1').repeat(30);

	it.each([
		['JPEG as UTF-8', Buffer.from(bytes(photo).toString('utf8'))],
		['JPEG as Latin-1', Buffer.from(photo)],
		['PNG as Latin-1', Buffer.from('\x89PNG\r\n\x1a\n')],
		['anything as UTF-8', Buffer.from(bytes('\xf1\x92\xc3ab'.repeat(50)).toString('utf8'))],
	])('are recognized: %s', async (_, content) => {
		expect(await onDisk(content)).toEqual({ other: { kind: 'garbled' } });
	});

	it("aren't seen in a text that has lost some of its letters", async () => {
		const text = `Sch\uFFFDne Gr\uFFFD\uFFFDe, ${'und noch viel mehr Text. '.repeat(10)}`;
		expect(await onDisk(Buffer.from(text))).toEqual({ other: { kind: 'text' } });
	});
});
