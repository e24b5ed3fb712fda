import { BatchImageDetect } from '../../../nodes/BatchImageDetect/BatchImageDetect.node';
import { Breather } from '../../../nodes/shared/input/eventLoop';
import {
	expectVerdict,
	imageNode,
	itemOf,
	requestSizes,
	useBench,
} from '../../support/engine/bench';
import { images, textFile, type Sample } from '../../support/engine/media';
import { ROUTES, runRouted } from '../../support/engine/routed';

const bench = useBench();
const samples = images(3, 'odd');
const items = samples.map((sample) => itemOf(sample));
const [first] = samples as [Sample];
const GOES_ON = { onError: 'continueRegularOutput' } as const;
const PASS = { otherItems: 'passThrough' };

async function check(binaryPropertyName: unknown, parameters = {}, input = items) {
	const node = imageNode({ binaryPropertyName: binaryPropertyName as string, ...parameters });
	return await bench.run(input, [node]);
}

test.each([123, {}, null, ['a']])(
	'bug: a binary object with the file name %j fails only its item',
	async (fileName) => {
		const odd = JSON.stringify({ mimeType: 'image/png', fileName });
		const binaryPropertyName = `={{ $itemIndex === 0 ? ${odd.replaceAll('}}', '} }')} : $binary.data }}`;
		const outputs = await runRouted(
			bench,
			items,
			imageNode({ binaryPropertyName, routeByVerdict: true }, { onError: 'continueErrorOutput' }),
		);
		expect(outputs.Error).toHaveLength(1);
		const others = ROUTES.flatMap((name) => outputs[name] ?? []);
		expect(others).toHaveLength(2);
	},
);

test.each(['={{ Object.values($binary) }}', '={{ [] }}', '={{ $binary.data }}', '={{ $binary }}'])(
	'bug: an item for which %s gives no file fails, or passes through if allowed',
	async (expression) => {
		const input = [{ json: { n: 0 } }, ...items];
		const refused = await check(expression, {}, input);
		expect(refused.error?.message).toBe(
			"'Input Binary Field' gives no file for this item [item 0]",
		);
		expect(bench.emulator.requests).toEqual([]);
		if (expression === '={{ [] }}') return;
		const passed = await check(expression, PASS, input);
		expect(passed.error).toBeUndefined();
		expect(passed.items[0]?.json).toEqual({ n: 0, isAI: null, confidence: null });
		samples.forEach((sample, index) => expectVerdict(passed.items[index + 1], sample));
	},
);

test('bug: if a file of a list is missing, the others are checked if items may pass through', async () => {
	const list = '={{ [$binary.front, $binary.data] }}';
	expect((await check(list)).error?.message).toMatch(/gives no file .*\[item 0\]/);
	const { items: passed } = await check(list, PASS);
	samples.forEach((sample, index) => expectVerdict(passed[index], sample));
});

test('all files of an item may be given as $binary', async () => {
	const files = { front: samples[0]!, back: samples[1]! };
	const result = await check('={{ $binary }}', {}, [{ files }]);
	const { bitMind } = result.items[0]?.json as any;
	expect(bitMind.files.map(({ field }: any) => field)).toEqual(['front', 'back']);
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
	'bug: an item has no binary field %s',
	async (field) => {
		expect((await check(field)).error?.message).toContain(`no binary field '${field}'`);
		expect((await check(field, PASS)).error).toBeUndefined();
	},
);

test.each(['={{ true }}', 'true', 1])(
	"bug: 'Route by Verdict' set to %j, which no editor does, is refused",
	async (routeByVerdict) => {
		const result = await check('data', { routeByVerdict });
		expect(result.error?.message).toBe("'Route by Verdict' must be true or false [item 0]");
		expect(bench.emulator.requests).toEqual([]);
		const { outputs } = new BatchImageDetect().description;
		expect(outputs).toContain('$parameter["routeByVerdict"] === true');
	},
);

test('bug: an expression in the options that fails for one item fails only that item', async () => {
	const outputField = '={{ $itemIndex === 0 ? $("Missing").item.json.x : "check" }}';
	const node = imageNode({ options: { outputField } }, GOES_ON);
	const result = await bench.run(items, [node]);
	expect(result.items[0]?.json.error).toMatch(/expression of 'Output Field'.*\[item 0\]$/);
	for (const index of [1, 2]) {
		expect(result.items[index]?.json.check).toMatchObject(samples[index]!.verdict);
	}
});

test('an expression may turn on an option with a text', async () => {
	const options = { deduplicate: '={{ "true" }}' };
	const node = imageNode({ options: options as never });
	const result = await bench.run([items[0]!, items[0]!], [node]);
	expect(result.items[1]?.json).toMatchObject(first.verdict);
	expect(requestSizes(bench)).toEqual([1]);
});

test.each(['{"a":', '{"a":null}', '{"a":[1]}', '[]', 'null', { a: 1 }, 7])(
	'bug: a damaged memory counts as empty: %j',
	async (files) => {
		const kept = { bitMindVerdicts: { source: bench.emulator.url, files } };
		const staticData = { 'node:Batch Image Detect': kept } as never;
		const node = imageNode({ options: { rememberDays: 7 } });
		const result = await bench.run(items, [node], { staticData });
		expect(result.error).toBeUndefined();
		samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	},
);

describe("n8n's 'Retry On Fail' with 'Send Identical Files Once'", () => {
	const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

	test('bug: pays for the same content once', async () => {
		const bad = samples[1]!.sha256;
		bench.emulator.misbehave((at) =>
			at.moment === 'afterBody' && at.index < 2 && at.files.some(({ sha256 }) => sha256 === bad)
				? { kind: 'status', status: 503 }
				: undefined,
		);
		const options = { batchSize: 1, maxRetries: 0, concurrency: 1, deduplicate: true };
		const input = [items[0]!, items[1]!, items[0]!];
		const result = await bench.run(input, [imageNode({ options }, retrying)]);
		expect(result.error).toBeUndefined();
		const sent = bench.emulator.batchRequests.flatMap(({ files }) => files.map((f) => f.sha256));
		expect(sent).toEqual([first.sha256, bad, bad]);
		expect(result.items.map(({ json }) => json.confidence)).toEqual(
			[0, 1, 0].map((index) => samples[index]!.verdict.confidence),
		);
	});

	test('bug: marks verdicts that are reused from an earlier attempt', async () => {
		const options = { deduplicate: true };
		const node = imageNode({ options }, { ...retrying, ...GOES_ON });
		const result = await bench.run([itemOf(textFile()), items[0]!, items[0]!], [node]);
		const { bitMind } = result.items[2]?.json as any;
		expect(bitMind.files[0]).toMatchObject({ reused: true, ...first.verdict });
		expect(requestSizes(bench)).toEqual([1]);
	});
});

test('an error in the node itself marks every item', async () => {
	const node = imageNode({ routeByVerdict: true }, { onError: 'continueErrorOutput' });
	const broken = jest
		.spyOn(Breather.prototype, 'breathe')
		.mockRejectedValue(new TypeError('x is not a function'));
	try {
		const outputs = await runRouted(bench, items, node);
		expect(outputs.Error).toHaveLength(3);
		expect(outputs.Error![0]?.json.error).toMatch(
			/Something went wrong.*x is not a function \[item 0\]/,
		);
	} finally {
		broken.mockRestore();
	}
});

describe('an item without JSON', () => {
	const input = [items[0]!, { ...items[1]!, json: null }, { json: null }, items[2]!];

	test('bug: is checked, or fails, like any other', async () => {
		const { good, bad } = await bench.runWithErrorOutput(input, imageNode());
		expect(good).toHaveLength(3);
		samples.forEach((sample, index) => expectVerdict(good[index], sample));
		expect(bad.map(({ json }) => json.error)).toEqual([
			"The item has no binary field 'data' [item 2]",
		]);
	});

	test('gets one when it passes through', async () => {
		const { good } = await bench.runWithErrorOutput(input, imageNode(PASS));
		expect(good[2]?.json).toEqual({ isAI: null, confidence: null });
	});
});

test("an item with another node's error doesn't count as failed", async () => {
	const input = [{ ...itemOf(first), error: new Error('of another node') }];
	const { good, bad } = await bench.runWithErrorOutput(input, imageNode());
	expect(bad).toEqual([]);
	expectVerdict(good[0], first);
});

test('the message for an item without any file says what to connect', async () => {
	const result = await bench.run([{ json: { url: 'https://example.com/cat.jpg' } }], [imageNode()]);
	const { description } = result.error as unknown as { description: string };
	expect(description).toMatch(/^The item has no files\. Connect a node that outputs image files/);
	expect(description).not.toContain('Change');
});
