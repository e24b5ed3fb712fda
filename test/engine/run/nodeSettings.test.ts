import {
	expectVerdict,
	IMAGE,
	imageNode,
	itemOf,
	requestSizes,
	useBench,
} from '../../support/engine/bench';
import { images, textFile } from '../../support/engine/media';

const bench = useBench();
const samples = images(4);
const items = samples.map((sample, n) => itemOf(sample, { n }));

test("'Execute Once' checks only the first item's files", async () => {
	const result = await bench.run(items, [imageNode({}, { executeOnce: true })]);
	expect(result.items).toHaveLength(1);
	expectVerdict(result.items[0], samples[0]!);
	expect(requestSizes(bench)).toEqual([1]);
});

test("'Retry On Fail' runs the node again after an error", async () => {
	bench.emulator.misbehave(({ index }) =>
		index === 0 ? { kind: 'status', status: 403, json: { detail: 'not yet' } } : undefined,
	);
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const result = await bench.run(items, [imageNode({}, settings)]);
	expect(result.error).toBeUndefined();
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	expect(result.calls.filter(({ node }) => node === IMAGE)).toHaveLength(2);
});

test("'Retry On Fail' pays for no verdict twice if the first item failed and the node continues", async () => {
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const node = imageNode({}, { ...settings, onError: 'continueRegularOutput' });
	const result = await bench.run([itemOf(textFile()), ...items], [node]);
	samples.forEach((sample, index) => expectVerdict(result.items[index + 1], sample));
	expect(requestSizes(bench)).toEqual([4]);
	expect(result.calls.filter((call) => call.node === IMAGE)).toHaveLength(2);
});

test("'Retry On Fail' sends only files without a verdict from an earlier attempt", async () => {
	const bad = samples[2]!.sha256;
	bench.emulator.misbehave((moment) =>
		moment.moment === 'afterBody' && moment.files.some(({ sha256 }) => sha256 === bad)
			? { kind: 'status', status: 500 }
			: undefined,
	);
	const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const parameters = { options: { batchSize: 1, maxRetries: 0, concurrency: 1 } };
	const result = await bench.run(items, [imageNode(parameters, settings)]);
	expect(result.error?.message).toMatch(/\(2 of 4 files had verdicts\) \[item 2\]$/);
	const sent = bench.emulator.batchRequests.flatMap(({ files }) => files.map((f) => f.sha256));
	expect(sent).toEqual([samples[0]!.sha256, samples[1]!.sha256, bad, bad, bad]);
});

describe("what 'On Error' would change", () => {
	const described = ({ error }: Awaited<ReturnType<typeof bench.run>>) =>
		String((error as unknown as { description?: string }).description);
	const refuse = (sha256: string) =>
		bench.emulator.misbehave((moment) =>
			moment.moment === 'afterBody' && moment.files.some((file) => file.sha256 === sha256)
				? { kind: 'status', status: 422 }
				: undefined,
		);

	test('is mentioned if one of several items ends the run, before or after sending', async () => {
		const stopped = await bench.run([...items, itemOf(textFile())], [imageNode()]);
		expect(described(stopped)).toMatch(/check the other images.*'On Error' to 'Continue'/);
		refuse(samples[1]!.sha256);
		const refused = await bench.run(items, [imageNode()]);
		expect(refused.error?.message).toContain(`'${samples[1]!.fileName}': BitMind refused`);
		expect(described(refused)).toMatch(/check the other images.*'On Error' to 'Continue'/);
	});

	test("isn't mentioned if it would change nothing", async () => {
		const alone = await bench.run([itemOf(textFile())], [imageNode()]);
		expect(described(alone)).not.toContain('On Error');
		refuse(samples[0]!.sha256);
		const refused = await bench.run(items.slice(0, 1), [imageNode()]);
		expect(described(refused)).not.toContain('On Error');
		bench.emulator.misbehave(() => ({ kind: 'status', status: 403 }));
		const forbidden = await bench.run(items, [imageNode()]);
		expect(described(forbidden)).not.toContain('On Error');
	});
});

test("without 'Retry On Fail' each run sends its files", async () => {
	await bench.run(items, [imageNode()]);
	await bench.run(items, [imageNode()]);
	expect(requestSizes(bench)).toEqual([4, 4]);
});

test("'Always Output Data' changes nothing for a node that outputs each item", async () => {
	const result = await bench.run(items, [imageNode({}, { alwaysOutputData: true })]);
	expect(result.items).toHaveLength(4);
});

test('a disabled node passes on its items', async () => {
	const result = await bench.run(items, [imageNode({}, { disabled: true })]);
	expect(result.items.map(({ json }) => json)).toEqual(items.map(({ json }) => json));
	expect(bench.emulator.requests).toEqual([]);
});

test('without items nothing is sent', async () => {
	const result = await bench.run([], [imageNode()]);
	expect(result.error).toBeUndefined();
	expect(result.calls.filter(({ node }) => node === IMAGE)).toEqual([]);
});

test('later nodes can distinguish a failed item from a checked one', async () => {
	const result = await bench.run(
		[itemOf(textFile(), { error: 'of an earlier node' }), items[0]!],
		[imageNode({}, { onError: 'continueRegularOutput' })],
	);
	expect(result.items.map(({ json }) => typeof json.error)).toEqual(['string', 'undefined']);
	expect(result.items[0]?.json.error).toContain('notes.txt');
});
