import { expectVerdict, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { type image, images, textFile } from '../../support/engine/media';

const bench = useBench();
const [a, b, c] = images(3, 'fields') as [Sample, Sample, Sample];
type Sample = ReturnType<typeof image>;

const item = { files: { attachment_0: a, attachment_1: b, other: c } };

async function checkedFields(binaryPropertyName: string, files = item): Promise<unknown> {
	const result = await bench.run([files], [imageNode({ binaryPropertyName })]);
	if (result.error) return result.error.message;
	const { bitMind } = result.items[0]?.json as any;
	return bitMind.files.map(({ field, confidence }: any) => [field, confidence]);
}

const first = ['attachment_0', a.verdict.confidence];
const second = ['attachment_1', b.verdict.confidence];
const third = ['other', c.verdict.confidence];

test.each([
	['a field', 'other', [third]],
	['a list, in its order', 'other,attachment_0', [third, first]],
	['a list with spaces and empty places', ' other , , attachment_0 ,', [third, first]],
	['a field named twice', 'other, other', [third]],
	['a wildcard', 'attachment_*', [first, second]],
	['a wildcard at the start', '*_1', [second]],
	['a wildcard for all', '*', [first, second, third]],
	['a wildcard next to a name', 'other, *', [third, first, second]],
	['an expression that gives a name', '={{ "oth" + "er" }}', [third]],
	['an expression that gives a list', '={{ ["other", "attachment_1"] }}', [third, second]],
	['an expression that gives a file', '={{ $binary.other }}', [third]],
	[
		'an expression that gives a file of the previous node',
		'={{ $("Source").item.binary.other }}',
		[third],
	],
	['an expression that gives all files', '={{ Object.values($binary) }}', [first, second, third]],
])('Input Binary Field accepts %s', async (_, parameter, expected) => {
	expect(await checkedFields(parameter)).toEqual(expected);
});

test.each([
	["a field that doesn't exist", 'nothing', /no binary field 'nothing'.*\[item 0\]/],
	['one such field in a list', 'other, nothing', /no binary field 'nothing'.*\[item 0\]/],
	['a wildcard that matches no field', 'x_*', /no binary field that matches 'x_\*'/],
	['only commas', ' , ', /Input Binary Field/],
	['an expression that gives nothing', '={{ $json.missing }}', /Input Binary Field/],
	['an expression that gives no file', '={{ ({ a: 1 }) }}', /leads to no file/],
	['an expression that gives a number', '={{ 5 }}', /no binary field '5'/],
])('Input Binary Field refuses %s before anything is sent', async (_, parameter, message) => {
	expect(await checkedFields(parameter)).toMatch(message);
	expect(bench.emulator.requests).toEqual([]);
});

test('a field with a comma in its name is that field', async () => {
	expect(await checkedFields('a,b', { files: { 'a,b': a } } as any)).toEqual([
		['a,b', a.verdict.confidence],
	]);
});

test('an expression may name another field for each item', async () => {
	const items = ['other', 'attachment_1', 'attachment_0'].map((field) => ({
		...item,
		json: { field },
	}));
	const node = imageNode({ binaryPropertyName: '={{ $json.field }}' });
	const result = await bench.run(items, [node]);
	[c, b, a].forEach((sample, n) => {
		expectVerdict(result.items[n], sample, items[n]!.json.field);
	});
});

test('an expression may give another file for each item', async () => {
	const samples = images(5, 'per item');
	const node = imageNode({ binaryPropertyName: '={{ $binary.data }}' });
	const result = await bench.run(
		samples.map((sample) => itemOf(sample)),
		[node],
	);
	samples.forEach((sample, n) => expectVerdict(result.items[n], sample));
});

test("an expression that gives one of the item's own files finds its content", async () => {
	const samples = images(3, 'inline');
	const node = imageNode({ binaryPropertyName: '={{ $binary.data }}' });
	const result = await bench.run(
		samples.map((sample) => itemOf({ ...sample, inline: true })),
		[node],
	);
	expect(result.error).toBeUndefined();
	samples.forEach((sample, n) => expectVerdict(result.items[n], sample));
});

test('never guesses between two files that look alike', async () => {
	const [x, y] = images(2, 'alike').map((sample) => ({
		...sample,
		inline: true,
		fileName: 'same',
	}));
	const input = [{ files: { attachment_0: x!, attachment_1: y! } }];
	const alike = [
		{ files: { a: { ...x!, mimeType: 'image/x' }, b: { ...y!, mimeType: 'image/x' } } },
	];
	const result = await bench.run(alike, [imageNode({ binaryPropertyName: '={{ $binary.b }}' })]);
	expect(result.error?.message).toMatch(/leads to no file/);
	expect(bench.emulator.requests).toEqual([]);
	const byName = await bench.run(input, [imageNode({ binaryPropertyName: 'attachment_1' })]);
	expect(byName.items[0]?.json).toMatchObject(y!.verdict);
});

test('files of other nodes with the same name are distinguished', async () => {
	const [x, y] = images(2, 'one name').map((sample) => ({ ...sample, fileName: 'same.png' }));
	const input = [itemOf(x!), itemOf(y!)];
	const files = '={{ [$("Source").all()[0].binary.data, $("Source").all()[1].binary.data] }}';
	const result = await bench.run(input, [imageNode({ binaryPropertyName: files })]);
	const { bitMind } = result.items[0]?.json as any;
	expect(bitMind.files.map(({ confidence }: any) => confidence)).toEqual([
		x!.verdict.confidence,
		y!.verdict.confidence,
	]);
});

test('with Pass Through, a wildcard checks the images and ignores other files', async () => {
	const node = imageNode({ binaryPropertyName: '*', otherItems: 'passThrough' });
	const result = await bench.run([{ files: { notes: textFile(), cat: a } }], [node]);
	expectVerdict(result.items[0], a, 'cat');
});

test.each([null, 123, {}, []])('bug: a file name may have any type: %j', async (fileName) => {
	const [file, other] = images(2, 'names') as [Sample, Sample];
	const items = [{ files: { data: { ...file, fileName: fileName as never } } }, itemOf(other)];
	const result = await bench.run(items, [imageNode()], {});
	expect(result.error).toBeUndefined();
	expect(result.items[0]?.json).toMatchObject(file.verdict);
	expect(result.items[0]?.json).toMatchObject({ bitMind: { files: [{ fileName: '' }] } });
	expectVerdict(result.items[1], other);
});
