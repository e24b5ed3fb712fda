import type { RecordedRequest } from '../../support/emulator';
import { imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { images, sampleOf, videos, type Sample } from '../../support/engine/media';

const bench = useBench();

const sent = () => bench.emulator.batchRequests.flatMap(({ files }: RecordedRequest) => files);

const NAMES = [
	undefined,
	'',
	'no-extension',
	'quo"te\'s.jpg',
	'line\r\nbreak.png',
	'x"\r\nContent-Type: text/html\r\n\r\n<b>.jpg',
	'"; name="evil"; filename="b.png',
	'\u{1F63B} cat \u{1F468}‍\u{1F469}‍\u{1F467}.webp',
	'Привет, мир.jpeg',
	'../../etc/passwd',
	'..\\..\\windows\\system.ini',
	'/absolute/path/cat.jpg',
	'.hidden',
	'wrong.mp4',
	'archive.tar.gz',
	'a'.repeat(300),
	`${'ж'.repeat(300)}.png`,
	'nul\0byte.png',
	'semi;colon=1.jpg',
	'percent%22%0D%0A.png',
	'trailing dot.',
	' leading and trailing ',
	'lone surrogate \uD83D.png',
];

test.each([
	['image', imageNode, images, 'images'],
	['video', videoNode, videos, 'videos'],
] as const)(
	'an %s with any name is sent as one part, and gets its verdict',
	async (_, node, make, field) => {
		const samples = make(NAMES.length).map((sample, index) => ({
			...sample,
			fileName: NAMES[index],
		}));
		const result = await bench.run(
			samples.map((sample) => itemOf(sample)),
			[node()],
		);

		expect(result.error).toBeUndefined();
		samples.forEach(({ verdict }, index) =>
			expect(result.items[index]?.json).toMatchObject(verdict),
		);
		expect(
			sent()
				.map(({ sha256 }) => sha256)
				.sort(),
		).toEqual(samples.map(({ sha256 }) => sha256).sort());
		for (const file of sent()) {
			expect(file.field).toBe(field);
			expect(file.fileName).toMatch(/^[^/\\"\r\n\0]+\.(jpe?g|png|webp|mp4|mov|avi)$/);
			expect(Array.from(file.fileName).length).toBeLessThan(120);
		}
		expect(JSON.stringify(sent())).not.toMatch(/\.\.|passwd\/|evil"/);
	},
);

test('the output has the exact name of the input', async () => {
	const fileName = 'quo"te\r\n../\u{1F63B}.mp4';
	const sample: Sample = { ...images(1)[0]!, fileName };
	const result = await bench.run([itemOf(sample)], [imageNode()]);
	expect(result.items[0]?.json.bitMind).toMatchObject({ files: [{ fileName }] });
});

test.each(['application/octet-stream', 'text/plain', 'video/mp4', 'image/gif', '', 'not a type'])(
	'a file with the MIME type %p is sent with its real type',
	async (mimeType) => {
		const samples = images(3);
		const result = await bench.run(
			samples.map((sample) => itemOf({ ...sample, mimeType, fileName: undefined })),
			[imageNode()],
		);
		expect(result.error).toBeUndefined();
		samples.forEach(({ verdict }, n) => expect(result.items[n]?.json).toMatchObject(verdict));
		const truth = samples.map(({ mimeType: type }) => type);
		expect(sent().map(({ contentType }) => contentType)).toEqual(truth);
	},
);

test('the first bytes count, not the name and the MIME type', async () => {
	const [film] = videos(1);
	const liar = { ...sampleOf('cat.jpg', film!.content), mimeType: 'image/jpeg' };
	const asImage = await bench.run([itemOf(liar)], [imageNode()]);
	expect(asImage.error?.message).toContain("'cat.jpg'");
	expect(bench.emulator.requests).toEqual([]);

	const asVideo = await bench.run([itemOf(liar)], [videoNode()]);
	expect(asVideo.items[0]?.json).toMatchObject(liar.verdict);
});
