import { imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images, textFile, type Sample } from '../../support/engine/media';

const bench = useBench();
const GOES_ON = { onError: 'continueRegularOutput' } as const;
const aiImage = images(50).find(({ verdict }) => verdict.confidence > 0.8) as Sample;

describe('an item that fails', () => {
	test("bug: keeps another node's 'verdict' if this node has none", async () => {
		const input = [itemOf(textFile(), { verdict: 'guilty' })];
		const { items } = await bench.run(input, [imageNode({}, GOES_ON)]);
		expect(items[0]?.json).toMatchObject({
			verdict: 'guilty',
			bitMind: { errorCode: 'unsupportedFile' },
		});
		expect(items[0]?.json).not.toHaveProperty('isAI');
	});

	test("bug: has the verdicts on its other files, with 'Continue' and on the error output", async () => {
		const files = { notes: textFile(), photo: aiImage, empty: { content: Buffer.alloc(0) } };
		const node = imageNode({ binaryPropertyName: '*' }, GOES_ON);
		const { bad } = await bench.runWithErrorOutput([{ files }], node);
		const { items } = await bench.run([{ files }], [node]);
		for (const failed of [bad[0], items[0]]) {
			expect(failed?.json).not.toHaveProperty('isAI');
			expect(failed?.json.error).toMatch(/'notes.txt' in 'notes' is/);
			expect(failed?.json.bitMind).toMatchObject({
				errorCode: 'unsupportedFile',
				files: [
					{ field: 'photo', ...aiImage.verdict },
					{ field: 'notes', errorCode: 'unsupportedFile', error: expect.any(String) },
					{ field: 'empty', errorCode: 'emptyFile' },
				],
			});
		}
		expect(bench.emulator.batchRequests).toHaveLength(2);
	});

	test('still stops a run before anything is sent', async () => {
		const input = [{ files: { photo: aiImage, notes: textFile() } }];
		const result = await bench.run(input, [imageNode({ binaryPropertyName: '*' })]);
		expect(result.error?.message).toMatch(/'notes.txt'.*\[item 0\]$/);
		expect(bench.emulator.requests).toEqual([]);
	});

	test('has the verdict on one file if another one is missing', async () => {
		const node = imageNode({ binaryPropertyName: 'photo, back' }, GOES_ON);
		const { items } = await bench.run([{ files: { photo: aiImage } }], [node]);
		expect(items[0]?.json.error).toMatch(/no binary field 'back'/);
		expect(items[0]?.json.bitMind).toMatchObject({
			errorCode: 'noFile',
			files: [{ field: 'photo', ...aiImage.verdict }],
		});
	});

	test('has an error code for expressions', async () => {
		const headers = { 'Retry-After': '3600' };
		bench.emulator.misbehave(() => ({ kind: 'status', status: 429, headers }));
		const node = imageNode({ options: { maxRetries: 0 } }, GOES_ON);
		const { items } = await bench.run([itemOf(aiImage)], [node]);
		expect(items[0]?.json.bitMind).toMatchObject({
			errorCode: 'rateLimited',
			files: [{ field: 'data', errorCode: 'rateLimited' }],
		});
	});
});
