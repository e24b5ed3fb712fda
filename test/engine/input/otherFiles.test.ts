import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectVerdict, imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { image, sampleOf, video } from '../../support/engine/media';
import { avi, box, longBox, moov } from '../../support/films';

const MEDIA = join(__dirname, '../../fixtures/media');
const load = (path: string) => readFileSync(join(MEDIA, path));

const film = (first: Buffer) => Buffer.concat([first, moov('vide'), box('mdat', 'xx')]);

/** The message of both nodes about a file, without its name and field. */
const NAMED: Record<string, RegExp> = {
	'notMedia/still-life.heic':
		/is HEIC .*Convert it to JPEG, or set the phone's camera to 'Most Compa/,
	'notMedia/still-life.avif': /is AVIF, .*Convert it to JPEG or PNG/,
	'notMedia/pottery.gif': /is GIF, .*Convert it to (PNG|MP4)/,
	'notMedia/photo.bmp': /is BMP, .*Convert it to JPEG or PNG/,
	'notMedia/photo.tiff': /is TIFF, .*Convert it to JPEG or PNG/,
	'notMedia/leaflet.pdf': /is PDF \(a document\), .*Take the pictures out/,
	'notMedia/notes.txt': /is plain text, .*It can't be checked: leave such files out/,
	'notMedia/chime.m4a': /is M4A \(audio\), .*It can't be checked: leave such files out/,
	'notMedia/clip.webm': /is WebM \(a video\), .*Convert it to MP4/,
	'notMedia/clip.mkv': /is Matroska \(a video\), .*Convert it to MP4/,
	'notMedia/clip.flv': /is FLV \(a video\), .*Convert it to MP4/,
	'notMedia/clip.wmv': /is WMV \(a video\), .*Convert it to MP4/,
	'notMedia/clip.m2t': /is MPEG-TS \(a video\), .*Convert it to MP4/,
	'notMedia/voice-memo.mp4': /contains sound, but no picture \(MP4\)/,
	'notMedia/voice-memo.mov': /contains sound, but no picture \(MOV\)/,
	'notMedia/voice-memo.avi': /contains sound, but no picture \(AVI\)/,
	'misnamed/virus-scan-page.jpg': /is a web page \('Virus scan warning'\), .*download/,
	'misnamed/expired-link.png': /is XML \(text\), .*download/,
	'misnamed/json-error.webp': /is JSON \(text\), .*download/,
	'misnamed/photo-gzipped.jpg': /is gzip \(a compressed file\), .*Unpack it/,
	'misnamed/base64-text.jpg': /is base64 text \(of a JPEG file\), .*Decode it/,
};

describe('files on a disk', () => {
	const bench = useBench();

	describe.each([
		['images', imageNode, image('between'), 'a.mp4'],
		['videos', videoNode, video('between'), 'a.jpg'],
	] as const)('among %s', (_, node, good, wrongName) => {
		const names = Object.keys(NAMED);
		// Neither their name nor their MIME type shows what they are.
		const bad = names.map((name) => ({
			...sampleOf(wrongName, load(name)),
			mimeType: 'image/jpeg',
		}));
		const input = bad.flatMap((sample) => [itemOf(sample), itemOf(good)]);

		test('each other file is named, with what to do, and the rest get verdicts', async () => {
			const result = await bench.run(input, [node({}, { onError: 'continueRegularOutput' })]);
			expect(result.error).toBeUndefined();
			names.forEach((name, index) => {
				const { error } = result.items[2 * index]?.json ?? {};
				expect(error).toMatch(NAMED[name] as RegExp);
				expect(error).toContain(`The file '${wrongName}' in 'data'`);
				expect(error).toMatch(new RegExp(`\\[item ${2 * index}\\]$`));
				expectVerdict(result.items[2 * index + 1], good);
			});
			const sent = bench.emulator.batchRequests.flatMap(({ files }) => files);
			expect(sent).toHaveLength(names.length);
		});

		test('each passes through if the option says so', async () => {
			const result = await bench.run(input, [node({ otherItems: 'passThrough' })]);
			expect(result.error).toBeUndefined();
			names.forEach((_name, index) => {
				expect(result.items[2 * index]?.json).toEqual({ isAI: null, confidence: null });
			});
		});
	});

	test.each(['phone-3gp5-isom.mp4', 'plain.3gp', 'pottery.3gp'])(
		"bug: a phone's video %s is sent as MP4",
		async (name) => {
			const sample = sampleOf(name, load(`phone/${name}`));
			const result = await bench.run([itemOf(sample)], [videoNode()]);
			expectVerdict(result.items[0], sample);
			const [file] = bench.emulator.batchRequests[0]?.files ?? [];
			expect(file).toMatchObject({ contentType: 'video/mp4', fileName: /\.mp4$/ });
		},
	);

	test.each([
		['part of a large AVI', avi('AVIX', 'vids'), 'video/x-msvideo'],
		['an AVI of a camera', avi('AVI\x19', 'vids'), 'video/x-msvideo'],
		['uuid first', film(box('uuid', Buffer.alloc(700))), 'video/quicktime'],
		['much padding first', film(box('free', Buffer.alloc(5_000))), 'video/quicktime'],
		['a segment of a stream', film(box('styp', 'msdh\0\0\0\0msdh')), 'video/mp4'],
		['ftyp in 64 bits', film(longBox('ftyp', 'mp42\0\0\0\0mp42')), 'video/mp4'],
	])('bug: a video is sent no matter how it starts: %s', async (name, content, contentType) => {
		const sample = sampleOf(name, content);
		const result = await bench.run([itemOf(sample)], [videoNode()]);
		expectVerdict(result.items[0], sample);
		expect(bench.emulator.batchRequests[0]?.files[0]).toMatchObject({ contentType });
	});

	test('an inline video is also recognized', async () => {
		const memo = { ...sampleOf('memo.mp4', load('notMedia/voice-memo.mp4')), inline: true };
		const result = await bench.run([itemOf(memo)], [videoNode()]);
		expect(result.error?.message).toMatch(/contains sound, but no picture/);
	});
});

describe('files that n8n provides only as a stream', () => {
	const bench = useBench({ binaryMode: 'database' });

	test('are sent if only the rest of the file could show what they are', async () => {
		const movie = load('notMedia/voice-memo.mov');
		const padded = Buffer.concat([
			movie.subarray(0, movie.indexOf('wide') - 4),
			// Small files are read to their end anyway.
			Buffer.from('\0\x20\0\0free', 'latin1'),
			Buffer.alloc(0x200000 - 8),
			movie.subarray(movie.indexOf('wide') - 4),
		]);
		const memo = sampleOf('memo.mov', padded);
		const result = await bench.run([itemOf(memo)], [videoNode()]);
		expectVerdict(result.items[0], memo);
	});
});
