import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { recognize } from '../../../../client/files/fileType';
import { IMAGES, VIDEOS } from '../../../../client/model/mediaKind';
import { bytes } from '../../../support/films';
import { propertyRuns } from '../../../support/propertyRuns';
import { inStream, onDisk, shortly } from './formats/recognizing';

it.each([
	['JPEG with JFIF', '\xff\xd8\xff\xe0\0\x10JF', 'JPEG'],
	['JPEG with Exif', '\xff\xd8\xff\xe1\x12\x34Ex', 'JPEG'],
	['JPEG that begins with a table', '\xff\xd8\xff\xdb\0\x43\0\x01', 'JPEG'],
	['JPEG with a comment first', '\xff\xd8\xff\xfe\0\x10\0\x01', 'JPEG'],
	['PNG', '\x89PNG\r\n\x1a\n\0\0\0\x0d', 'PNG'],
])('recognizes %s', async (_, head, name) => {
	expect(shortly(await inStream(bytes(head)))).toBe(name);
});

it.each([
	['nothing', ''],
	['one byte', '\xff'],
	['two bytes of a JPEG', '\xff\xd8'],
	['a PNG without its line end', '\x89PNG\r\n\x1a'],
	['a PNG broken by a text transfer', '\x89PNG\n\x1a\n\0'],
	['a RIFF cut off before its kind', 'RIFF\x24\0\0\0WEB'],
])("doesn't take %s for a supported format", async (_, content) => {
	expect((await onDisk(bytes(content))).other).toBeDefined();
});

const MEDIA = join(__dirname, '../../../fixtures/media');

function samples(folder: string): { name: string; content: Buffer }[] {
	return readdirSync(join(MEDIA, folder)).map((name) => ({
		name,
		content: readFileSync(join(MEDIA, folder, name)),
	}));
}

describe('real files', () => {
	it.each(samples('images'))('image $name', async ({ name, content }) => {
		const { format } = await onDisk(content);
		expect(IMAGES.formats).toContain(format);
		expect(format?.extensions).toContain(name.split('.').pop());
	});

	it.each(samples('videos'))('video $name', async ({ name, content }) => {
		const { format } = await onDisk(content);
		expect(VIDEOS.formats).toContain(format);
		expect(format?.extensions).toContain(name.split('.').pop());
	});

	it.each(samples('phone'))("bug: a phone's video $name is MP4", async ({ content }) => {
		expect(shortly(await onDisk(content))).toBe('MP4');
		expect(shortly(await inStream(content))).toBe('MP4');
	});

	const OTHERS: Record<string, object> = {
		'notes.txt': { kind: 'text' },
		'leaflet.pdf': { kind: 'document', name: 'PDF' },
		'pottery.gif': { kind: 'gif' },
		'still-life.heic': { kind: 'heic' },
		'still-life.avif': { kind: 'picture', name: 'AVIF' },
		'chime.m4a': { kind: 'sound', name: 'M4A' },
		'photo.bmp': { kind: 'picture', name: 'BMP' },
		'photo.tiff': { kind: 'picture', name: 'TIFF' },
		'clip.flv': { kind: 'video', name: 'FLV' },
		'clip.mkv': { kind: 'video', name: 'Matroska' },
		'clip.m2t': { kind: 'video', name: 'MPEG-TS' },
		'clip.webm': { kind: 'video', name: 'WebM' },
		'clip.wmv': { kind: 'video', name: 'WMV' },
		'voice-memo.avi': { kind: 'noPicture', container: 'AVI', hasSound: true },
		'voice-memo.mov': { kind: 'noPicture', container: 'MOV', hasSound: true },
		'voice-memo.mp4': { kind: 'noPicture', container: 'MP4', hasSound: true },
		'virus-scan-page.jpg': { kind: 'webPage', title: 'Virus scan warning' },
		'expired-link.png': { kind: 'xml' },
		'json-error.webp': { kind: 'json' },
		'photo-gzipped.jpg': { kind: 'archive', name: 'gzip' },
		'base64-text.jpg': { kind: 'base64', holds: 'JPEG' },
	};

	it.each([...samples('notMedia'), ...samples('misnamed')])(
		"$name is named as a file that can't be checked",
		async ({ name, content }) => {
			expect((await onDisk(content)).other).toEqual(OTHERS[name]);
		},
	);
});

describe('any content', () => {
	const heads = ['images', 'videos', 'phone', 'notMedia', 'misnamed'].flatMap((folder) =>
		samples(folder).map(({ content }) => content),
	);
	const damaged = fc
		.tuple(
			fc.constantFrom(...heads),
			fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { maxLength: 12 }),
			fc.nat(3_000),
		)
		.map(([content, changes, cutOff]) => {
			const copy = Buffer.from(content.subarray(0, Math.max(1, content.length - cutOff)));
			for (const [position, byte] of changes) copy[position % copy.length] = byte;
			return copy;
		});
	const boxes = fc
		.array(fc.tuple(fc.nat(40), fc.constantFrom('ftyp', 'free', 'moov', 'trak', 'mdia', 'LIST')))
		.map((parts) =>
			bytes(parts.map(([size, type]) => `\0\0\0${String.fromCharCode(size)}${type}`).join('')),
		);

	it('is identified after few reads', async () => {
		const content = fc.oneof(
			damaged,
			boxes,
			fc.uint8Array({ maxLength: 600 }).map((each) => Buffer.from(each)),
		);
		await fc.assert(
			fc.asyncProperty(content, fc.integer({ min: 0, max: 600 }), async (file, headBytes) => {
				let reads = 0;
				const found = await recognize({
					size: file.length,
					head: file.subarray(0, headBytes),
					readAt: async (position, length) => {
						reads++;
						return file.subarray(position, position + length);
					},
				});
				expect(shortly(found)).not.toBe('');
				expect(reads).toBeLessThanOrEqual(33);
			}),
			propertyRuns(1_000),
		);
	});

	it("can't mislead with a size that is larger than the file", async () => {
		const endless = bytes('\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x01trak\x7f');
		expect(shortly(await onDisk(endless))).toBe('MOV');
	});

	it("doesn't make it read ten thousand boxes one by one", async () => {
		let reads = 0;
		const content = Buffer.concat([
			bytes('\0\0\0\x14ftypisom\0\0\0\0isom'),
			...Array<Buffer>(10_000).fill(bytes(`\0\0\x20\0free${'\0'.repeat(0x2000 - 8)}`)),
		]);
		const found = await recognize({
			size: content.length,
			head: content.subarray(0, 512),
			readAt: async (position, length) => {
				reads++;
				return content.subarray(position, position + length);
			},
		});
		expect(shortly(found)).toBe('MP4');
		expect(reads).toBeLessThan(50);
	});
});
