import { seededRandom, shuffled } from '../../support/emulator';
import {
	expectVerdict,
	imageNode,
	itemOf,
	requestSizes,
	useBench,
	videoNode,
} from '../../support/engine/bench';
import { images, textFile, videos } from '../../support/engine/media';

const bench = useBench();

test('120 images of three formats, with results in random order, get their own verdicts', async () => {
	const samples = images(120);
	bench.emulator.misbehave(shuffled(seededRandom(7)));
	const result = await bench.run(
		samples.map((sample, n) => itemOf(sample, { n })),
		[imageNode()],
	);

	expect(result.error).toBeUndefined();
	expect(result.items.map(({ json }) => json.n)).toEqual(samples.map((_, n) => n));
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	expect(requestSizes(bench)).toEqual([20, 50, 50]);
	expect(bench.emulator.batchRequests[0]?.path).toBe('/batch_image');
});

test('45 videos of three formats, with results in random order, get their own verdicts', async () => {
	const samples = videos(45);
	bench.emulator.misbehave(shuffled(seededRandom(8)));
	const result = await bench.run(
		samples.map((sample) => itemOf(sample)),
		[videoNode()],
	);

	expect(result.error).toBeUndefined();
	expect(result.items).toHaveLength(45);
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	expect(requestSizes(bench)).toEqual([5, 20, 20]);
	expect(bench.emulator.batchRequests[0]?.path).toBe('/batch_video');
});

test('an item with two files gets both verdicts and their summary, also across batches', async () => {
	const samples = images(30);
	const items = Array.from({ length: 15 }, (_, n) => ({
		json: { n },
		files: { front: samples[2 * n]!, back: samples[2 * n + 1]! },
	}));
	const node = imageNode({ binaryPropertyName: 'front, back', options: { batchSize: 7 } });
	const result = await bench.run(items, [node]);

	expect(result.error).toBeUndefined();
	expect(requestSizes(bench)).toEqual([2, 7, 7, 7, 7]);
	result.items.forEach(({ json }, n) => {
		const [front, back] = [samples[2 * n]!.verdict, samples[2 * n + 1]!.verdict];
		expect(json).toMatchObject({
			n,
			isAI: front.isAI || back.isAI,
			confidence: Math.max(front.confidence, back.confidence),
			bitMind: {
				files: [
					{ field: 'front', ...front },
					{ field: 'back', ...back },
				],
			},
		});
	});
});

test('each file has the request ID and the batch position of its verdict', async () => {
	const samples = images(7);
	const result = await bench.run(
		samples.map((sample) => itemOf(sample)),
		[imageNode({ options: { batchSize: 3 } })],
	);

	samples.forEach(({ sha256 }, index) => {
		const [file] = (result.items[index]?.json.bitMind as any).files;
		const request = bench.emulator.batchRequests.find(
			({ requestId }) => requestId === file.requestId,
		);
		expect(request?.files[file.batchPosition]?.sha256).toBe(sha256);
		expect(file.processingTime).toBeGreaterThan(0);
	});
});

test('items without any file to check cause no request, not even for a token', async () => {
	const node = imageNode({ otherItems: 'passThrough' });
	const result = await bench.run([{ json: { a: 1 } }, itemOf(textFile())], [node]);

	expect(result.error).toBeUndefined();
	expect(result.items).toHaveLength(2);
	expect(bench.emulator.requests).toEqual([]);
});
