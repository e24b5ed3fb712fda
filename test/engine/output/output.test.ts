import { imageNode, itemOf, useBench } from '../../support/engine/bench';
import { image, textFile } from '../../support/engine/media';

const bench = useBench();
const sample = image('output');

test('input fields, binary and pairing are kept', async () => {
	const result = await bench.run([itemOf(sample, { id: 7, nested: { a: [1] } })], [imageNode()]);
	const [item] = result.items;
	expect(item?.json).toMatchObject({ id: 7, nested: { a: [1] }, ...sample.verdict });
	expect(Object.keys(item?.json ?? {})).toEqual(['isAI', 'confidence', 'bitMind', 'id', 'nested']);
	expect(item?.binary).toEqual(result.itemsOf('Source')[0]?.binary);
	expect(item?.pairedItem).toEqual({ item: 0 });
});

test('Output Field holds everything that the node adds', async () => {
	const node = imageNode({ options: { outputField: 'check' } });
	const result = await bench.run([itemOf(sample, { id: 7, isAI: 'mine' })], [node]);
	expect(result.items[0]?.json).toEqual({
		id: 7,
		isAI: 'mine',
		check: { ...sample.verdict, bitMind: { files: [expect.objectContaining(sample.verdict)] } },
	});
});

test('Output Field may differ from item to item', async () => {
	const node = imageNode({ options: { outputField: '={{ $json.to }}' } });
	const result = await bench.run(
		[itemOf(sample, { to: 'a' }), itemOf(sample, { to: 'b' })],
		[node],
	);
	expect(result.items.map(({ json }) => Object.keys(json))).toEqual([
		['a', 'to'],
		['b', 'to'],
	]);
});

test("Output Field holds the message of a failed item, with 'Continue' and on the error output", async () => {
	const node = imageNode({ options: { outputField: 'check' } });
	const { bad } = await bench.runWithErrorOutput([itemOf(textFile(), { id: 7 })], node);
	expect(bad[0]?.json).toMatchObject({
		id: 7,
		check: {
			error: expect.stringContaining('[item 0]'),
			bitMind: { errorCode: 'unsupportedFile' },
		},
	});

	const going = { ...node, onError: 'continueRegularOutput' as const };
	const { items } = await bench.run([itemOf(textFile(), { id: 7 })], [going]);
	expect(items[0]?.json).toEqual(bad[0]?.json);
});

test('without Include Input Fields, only the result and the files are left', async () => {
	const node = imageNode({ options: { includeInputFields: false } });
	const result = await bench.run([itemOf(sample, { id: 7 })], [node]);
	expect(Object.keys(result.items[0]?.json ?? {})).toEqual(['isAI', 'confidence', 'bitMind']);
	expect(result.items[0]?.binary).toEqual(result.itemsOf('Source')[0]?.binary);
});

test('Fail, the default, refuses an item without a matching file', async () => {
	const result = await bench.run([itemOf(sample), { json: {} }], [imageNode()]);
	expect(result.error?.message).toBe("The item has no binary field 'data' [item 1]");
});

test('Pass Through passes an item without a matching file on unchanged', async () => {
	const node = imageNode({ otherItems: 'passThrough', options: { includeInputFields: false } });
	const items = [itemOf(textFile(), { id: 1 }), { json: { id: 2 } }, itemOf(sample, { id: 3 })];
	const result = await bench.run(items, [node]);
	expect(result.items.map(({ json }) => json)).toEqual([
		{ id: 1, isAI: null, confidence: null },
		{ id: 2, isAI: null, confidence: null },
		expect.objectContaining(sample.verdict),
	]);
	expect(result.items[0]?.binary).toEqual(result.itemsOf('Source')[0]?.binary);
});

test('Items Without a Matching File may differ from item to item', async () => {
	const node = imageNode({ otherItems: '={{ $json.wish }}' });
	const items = [itemOf(textFile(), { wish: 'passThrough' }), itemOf(textFile(), { wish: 'fail' })];
	const { good, bad } = await bench.runWithErrorOutput(items, node);
	expect(good.map(({ json }) => json.wish)).toEqual(['passThrough']);
	expect(bad.map(({ json }) => json.wish)).toEqual(['fail']);
});
