import type { OtherFile } from './recognized';

/** Bytes (as Latin-1) that a file of some format has at these positions. */
type Signature = Readonly<Record<number, string>>;

const starts = (...beginnings: string[]): Signature[] => beginnings.map((bytes) => ({ 0: bytes }));

const picture = (name: string): OtherFile => ({ kind: 'picture', name });
const video = (name: string): OtherFile => ({ kind: 'video', name });
const sound = (name: string): OtherFile => ({ kind: 'sound', name });
const document = (name: string): OtherFile => ({ kind: 'document', name });
const archive = (name: string): OtherFile => ({ kind: 'archive', name });
const encrypted = (name: string): OtherFile => ({ kind: 'encrypted', name });

/** What files begin with. The first one that fits decides. */
const SIGNATURES: readonly (readonly [OtherFile, readonly Signature[]])[] = [
	[{ kind: 'gif' }, starts('GIF87a', 'GIF89a')],
	[picture('JPEG-LS'), starts('\xff\xd8\xff\xf7')],
	[picture('JPEG XL'), starts('\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n')],
	[picture('JPEG 2000'), starts('\xff\x4f\xff\x51', '\0\0\0\x0cjP  \r\n\x87\n')],
	[picture('JPEG XR'), starts('II\xbc\x01')],
	// A text may begin with the same two letters.
	[picture('BMP'), [{ 0: 'BM', 15: '\0\0\0' }]],
	[picture('CR2'), [{ 0: 'II*\0', 8: 'CR' }]],
	[picture('RAW'), starts('IIRO', 'IIRS', 'MMOR', 'IIU\0', 'FUJIFILMCCD-RAW', 'FOVb')],
	[picture('TIFF'), starts('II*\0', 'MM\0*', 'II+\0', 'MM\0+')],
	[picture('PSD'), starts('8BPS')],
	[picture('ICO'), [{ 0: '\0\0\x01\0', 5: '\0' }]],
	[picture('MNG'), starts('\x8aMNG', '\x8bJNG')],
	[picture('Netpbm'), starts('P4\n', 'P5\n', 'P6\n')],
	[picture('PCX'), starts('\n\x05\x01\x08')],
	[picture('OpenEXR'), starts('v/1\x01')],
	[picture('Radiance HDR'), starts('#?RADIANCE')],
	[picture('DDS'), starts('DDS ')],
	[picture('QOI'), starts('qoif')],
	[picture('XCF'), starts('gimp xcf')],
	[picture('WMF'), starts('\xd7\xcd\xc6\x9a')],

	[video('FLV'), starts('FLV\x01')],
	[video('MPEG'), starts('\0\0\x01\xba', '\0\0\x01\xb3')],
	[video('MPEG'), [{ 0: 'RIFF', 8: 'CDXA' }]],
	[
		video('MPEG-TS'),
		[
			{ 0: 'G', 188: 'G', 376: 'G' },
			{ 4: 'G', 196: 'G', 388: 'G' },
		],
	],
	[video('H.264'), starts('\0\0\0\x01g', "\0\0\0\x01'", '\0\0\0\x01\x09', '\0\0\x01g')],
	[video('H.265'), starts('\0\0\0\x01@\x01', '\0\0\0\x01F\x01')],
	[video('Ogg'), [{ 0: 'OggS', 28: '\x80theora' }]],
	[video('MXF'), starts('\x06\x0e+4\x02\x05\x01\x01')],
	[video('RealMedia'), starts('.RMF')],
	[video('DV'), starts('\x1f\x07\0')],
	[video('YUV4MPEG2'), starts('YUV4MPEG2')],
	[video('NUT'), starts('nut/multimedia')],
	[video('IVF'), starts('DKIF')],
	[
		video('SWF'),
		[
			{ 0: 'FWS', 7: '\0' },
			{ 0: 'CWS', 8: 'x' },
			{ 0: 'ZWS', 12: ']' },
		],
	],

	[sound('MP3'), starts('ID3', '\xff\xfb', '\xff\xfa', '\xff\xf3', '\xff\xf2', '\xff\xe3')],
	[sound('AAC'), starts('\xff\xf1', '\xff\xf9', 'ADIF')],
	[sound('FLAC'), starts('fLaC')],
	[sound('Ogg'), starts('OggS')],
	[sound('AMR'), starts('#!AMR')],
	[
		sound('WAV'),
		[
			{ 0: 'RIFF', 8: 'WAVE' },
			{ 0: 'RF64', 8: 'WAVE' },
		],
	],
	[sound('AIFF'), [{ 0: 'FORM', 8: 'AIF' }]],
	[sound('MIDI'), starts('MThd')],
	[sound('CAF'), starts('caff')],
	[sound('AU'), starts('.snd')],

	[document('PDF'), starts('%PDF-')],
	[document('PostScript'), starts('%!PS', '\xc5\xd0\xd3\xc6')],
	[document('RTF'), starts('{\\rtf')],
	[document('DjVu'), starts('AT&TFORM')],
	[document('Microsoft Office'), starts('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
	[document('SQLite'), starts('SQLite format 3\0')],

	[archive('gzip'), starts('\x1f\x8b')],
	[archive('RAR'), starts('Rar!\x1a\x07')],
	[archive('7-Zip'), starts("7z\xbc\xaf'\x1c")],
	[archive('bzip2'), [{ 0: 'BZh', 4: '1AY&SY' }]],
	[archive('XZ'), starts('\xfd7zXZ\0')],
	[archive('Zstandard'), starts('(\xb5/\xfd')],
	[archive('LZ4'), starts('\x04"M\x18')],
	[archive('CAB'), starts('MSCF')],
	[archive('TAR'), [{ 257: 'ustar' }]],
	[archive('zlib'), starts('x\x01', 'x\x9c', 'x\xda')],
	[archive('winmail.dat'), starts('\x78\x9f\x3e\x22')],

	[encrypted('OpenSSL'), starts('Salted__')],
	[
		encrypted('PGP'),
		starts(
			'-----BEGIN PGP MESSAGE',
			'\x8c\x0d\x04',
			'\x85\x01\x0c\x03',
			'\x85\x02\x0c\x03',
			'\x84\x5e\x03',
		),
	],
	[encrypted('age'), starts('age-encryption.org/', '-----BEGIN AGE ENCRYPTED FILE')],
	[encrypted('AES Crypt'), starts('AES\x02\0')],
	[encrypted('Ansible Vault'), starts('$ANSIBLE_VAULT')],

	[{ kind: 'appleDouble' }, starts('\0\x05\x16\x07', '\0\x05\x16\0')],
	[{ kind: 'program' }, starts('\x7fELF', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\0asm')],
	[{ kind: 'program' }, [{ 0: 'MZ', 3: '\0' }]],
	[{ kind: 'playlist' }, starts('#EXTM3U')],
];

/** What the first bytes of a file show on their own. */
export function findSignature(head: Buffer): OtherFile | undefined {
	const fits = (signature: Signature) =>
		Object.entries(signature).every(([position, bytes]) => {
			const from = Number(position);
			return head.toString('latin1', from, from + bytes.length) === bytes;
		});
	return SIGNATURES.find(([, signatures]) => signatures.some(fits))?.[0];
}
