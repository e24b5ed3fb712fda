import { expectVerdict, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { image, images, textFile } from '../../support/engine/media';
import type { SourceItem } from '../../support/engine/standIns';

const bench = useBench();
const MIB = 1024 * 1024;

const BAD: Array<[string, SourceItem, RegExp]> = [
	[
		'a text file',
		itemOf({ ...textFile(), mimeType: 'image/png' }),
		/'notes.txt' in 'data' is plain text, not JPEG, PNG or WebP/,
	],
	['no file', {}, /no binary field 'data'/],
	['a file in another field', { files: { other: image() } }, /no binary field 'data'/],
	[
		'an empty file',
		itemOf({ content: Buffer.alloc(0), fileName: 'e.png' }),
		/'e.png' in 'data' is empty/,
	],
	[
		'an empty inline file',
		itemOf({ content: Buffer.alloc(0), inline: true, mimeType: 'image/png' }),
		/is empty|no content|no binary field/,
	],
	[
		'a file over 100 MiB',
		itemOf({ ...image(), stretchedTo: 100 * MIB + 1 }),
		/larger than the 104.8 MB/,
	],
	[
		'a file of three bytes',
		itemOf({ content: Buffer.from('abc') }),
		/is plain text, not JPEG, PNG or WebP/,
	],
];

describe.each(BAD)('an item with %s', (_, bad, message) => {
	const samples = images(4);
	const items = [...samples.map((sample, n) => itemOf(sample, { n })), { ...bad, json: { n: 4 } }];
	// The bad item is in the middle.
	items.splice(2, 0, items.pop()!);

	test("stops a run with 'Stop' before the first request, and is named", async () => {
		const result = await bench.run(items, [imageNode()]);
		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(message);
		expect(result.error?.message).toContain('[item 2]');
		expect((result.error as any).context).toMatchObject({ itemIndex: 2 });
		expect((result.error as any).description).toMatch(/\S/);
		expect(bench.emulator.requests).toEqual([]);
	});

	test("has the message with 'Continue', and the others get their verdicts", async () => {
		const result = await bench.run(items, [imageNode({}, { onError: 'continueRegularOutput' })]);
		expect(result.error).toBeUndefined();
		expect(result.items.map(({ json }) => json.n)).toEqual([0, 1, 4, 2, 3]);
		const failed = result.items[2];
		expect(failed?.json.error).toMatch(message);
		expect(failed?.json).not.toHaveProperty('isAI');
		expect(failed?.binary).toEqual(result.itemsOf('Source')[2]?.binary);
		expect(failed?.pairedItem).toEqual({ item: 2 });
		[0, 1, 3, 4].forEach((place, n) => expectVerdict(result.items[place], samples[n]!));
	});

	test('goes to the error output, and the others continue in order', async () => {
		const { result, good, bad: failed } = await bench.runWithErrorOutput(items, imageNode());
		expect(failed).toHaveLength(1);
		expect(failed[0]?.json).toMatchObject({ n: 4, error: expect.stringMatching(message) });
		expect(failed[0]?.binary).toEqual(result.itemsOf('Source')[2]?.binary);
		expect(good.map(({ json }) => json.n)).toEqual([0, 1, 2, 3]);
		good.forEach((item, n) => expectVerdict(item, samples[n]!));
	});
});

test('an image of exactly 100 MiB is accepted', async () => {
	const { result } = await bench.runWithErrorOutput(
		[itemOf({ ...image(), stretchedTo: 100 * MIB })],
		imageNode(),
	);
	expect(result.itemsOf('Good')[0]?.json.isAI).toEqual(expect.any(Boolean));
	expect(bench.emulator.batchRequests[0]?.files[0]?.size).toBe(100 * MIB);
});

test('each failed item has its own message', async () => {
	const items = BAD.map(([, item]) => item);
	const { good, bad } = await bench.runWithErrorOutput(items, imageNode());
	expect(good).toEqual([]);
	bad.forEach(({ json }, n) => {
		expect(json.error).toMatch(BAD[n]![2]);
		expect(json.error).toContain(`[item ${n}]`);
	});
	expect(bench.emulator.requests).toEqual([]);
});

// If a node throws and continues on errors, n8n passes all items on, unchecked and without a message.
test('an expression that fails for one item fails only that item', async () => {
	const samples = images(3);
	const node = imageNode({
		binaryPropertyName: '={{ $json.n === 1 ? $("Nowhere").item.json.x : "data" }}',
	});
	const items = samples.map((sample, n) => itemOf(sample, { n }));
	const { good, bad } = await bench.runWithErrorOutput(items, node);
	expect(bad.map(({ json }) => json.n)).toEqual([1]);
	expect(good.map(({ json }) => json.n)).toEqual([0, 2]);
	expectVerdict(good[0], samples[0]!);
	expectVerdict(good[1], samples[2]!);
});
