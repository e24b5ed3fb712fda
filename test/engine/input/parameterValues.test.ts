import {
	expectVerdict,
	imageNode,
	itemOf,
	requestSizes,
	useBench,
} from '../../support/engine/bench';
import { images, textFile } from '../../support/engine/media';

const bench = useBench();
const samples = images(3, 'values');
const items = samples.map((sample, n) => itemOf(sample, { n }));

async function refusal(parameters: Record<string, unknown>): Promise<string | undefined> {
	const result = await bench.run(items, [imageNode(parameters as never)]);
	expect(bench.emulator.requests).toEqual([]);
	return result.error?.message;
}

test.each(['', ' ', '={{ " " }}', '={{ null }}', '={{ undefined }}'])(
	'bug: an empty number (%j) means the default, not 0',
	async (maxRetries) => {
		bench.emulator.misbehave(({ index }) =>
			index === 0 ? { kind: 'status', status: 503 } : undefined,
		);
		const result = await bench.run(items, [imageNode({ options: { maxRetries } })]);
		expect(result.error).toBeUndefined();
		expect(bench.emulator.batchRequests).toHaveLength(2);
	},
);

test.each(['={{ [] }}', '={{ [3] }}', '={{ ({}) }}', '={{ new Date(3) }}', '={{ true }}'])(
	"bug: %s isn't a number",
	async (maxRetries) => {
		expect(await refusal({ options: { maxRetries } })).toBe(
			"'Max Retries' must be a whole number from 0 to 20 [item 0]",
		);
	},
);

test('a number may have spaces around it', async () => {
	const node = imageNode({ options: { batchSize: '={{ " 2 " }}' } });
	await bench.run(items, [node]);
	expect(requestSizes(bench)).toEqual([1, 2]);
});

describe('options as one expression', () => {
	const node = (options: string) => imageNode({ options: options as never });

	test('bug: apply to the run and to each item', async () => {
		const options = '={{ ({ batchSize: 1, outputField: "check" + $json.n }) }}';
		const result = await bench.run(items, [node(options)]);
		expect(requestSizes(bench)).toEqual([1, 1, 1]);
		result.items.forEach(({ json }, n) => {
			expect(json[`check${n}`]).toMatchObject(samples[n]!.verdict);
		});
	});

	test.each(['={{ null }}', '={{ undefined }}', '={{ ({}) }}'])(
		'may be empty: %s',
		async (options) => {
			const result = await bench.run(items, [node(options)]);
			samples.forEach((sample, n) => expectVerdict(result.items[n], sample));
		},
	);

	test.each(['={{ "batchSize" }}', '={{ [1] }}', '={{ 7 }}'])(
		'are refused as %s',
		async (options) => {
			expect(await refusal({ options })).toBe("'Options' must be an object [item 0]");
		},
	);

	test('are refused for an item if they fail', async () => {
		const options = '={{ $json.n === 1 ? $("Nowhere").item.json.x : ({}) }}';
		const going = { ...node(options), onError: 'continueRegularOutput' as const };
		const result = await bench.run(items, [going]);
		expect(result.items.map(({ json }) => json.error)).toEqual([
			undefined,
			expect.stringMatching(/expression of 'Options' can't be evaluated.*\[item 1\]$/),
			undefined,
		]);
	});

	test('are checked like any others', async () => {
		expect(await refusal({ options: '={{ ({ batchSize: 51 }) }}' })).toMatch(/^'Batch Size' must/);
	});
});

test.each(['passthrough', 'Pass Through', '={{ "skip" }}', '', '={{ true }}'])(
	"bug: %j for 'Items Without a Matching File' is refused, and not treated as 'Fail'",
	async (otherItems) => {
		expect(await refusal({ otherItems })).toBe(
			"'Items Without a Matching File' must be 'fail' or 'passThrough' [item 0]",
		);
	},
);

test.each(['Authentic', 'ai', '={{ "auth" }}'])(
	"bug: %j for 'Route Unchecked Items To' is refused, and not treated as 'Review'",
	async (uncheckedRoute) => {
		const parameters = { routeByVerdict: true, otherItems: 'passThrough', uncheckedRoute };
		expect(await refusal(parameters)).toBe(
			"'Route Unchecked Items To' must be 'review' or 'authentic' [item 0]",
		);
	},
);

test("the value of a hidden parameter doesn't matter", async () => {
	const result = await bench.run(items, [
		imageNode({ routeByVerdict: true, uncheckedRoute: 'left from earlier' }),
	]);
	expect(result.error).toBeUndefined();
});

describe.each(['details', 'message'])("'Output Field' %s", (outputField) => {
	const node = imageNode({ otherItems: 'passThrough', options: { outputField } });

	test('bug: never sends a checked item to the error output', async () => {
		const { good, bad } = await bench.runWithErrorOutput(
			[itemOf(samples[0]!, { error: 'column of a table' }), itemOf(textFile(), { error: 'x' })],
			node,
		);
		expect(bad).toEqual([]);
		expect(good[0]?.json).toMatchObject({
			error: 'column of a table',
			[outputField]: samples[0]!.verdict,
		});
		expect(good[1]?.json).toMatchObject({ error: 'x', [outputField]: { isAI: null } });
	});

	test('still sends failed items to the error output', async () => {
		const failing = imageNode({ options: { outputField } });
		const { good, bad } = await bench.runWithErrorOutput([itemOf(textFile())], failing);
		expect(good).toEqual([]);
		expect(bad).toHaveLength(1);
	});
});
