import type { IExecuteFunctions } from 'n8n-workflow';
import { IMAGES } from '../../../client/model/mediaKind';
import { BatchImageDetect } from '../../../nodes/BatchImageDetect/BatchImageDetect.node';
import { execute } from '../../../nodes/shared/execute';
import {
	bodyLimit,
	failing,
	seededRandom,
	withoutPositions,
	type Misbehavior,
} from '../../support/emulator';
import { expectVerdict, IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images, textFile } from '../../support/engine/media';
import { runOutputs, runRouted } from '../../support/engine/routed';

const bench = useBench();
const samples = images(20);
const items = samples.map((sample) => itemOf(sample));

test('a run without any trouble gives no hint, and a line in the log for each request', async () => {
	const result = await bench.run(items, [
		imageNode({ options: { batchSize: 10, concurrency: 1 } }),
	]);
	expect(result.hintsOf(IMAGE)).toEqual([]);
	const lines = result.logLines.filter(({ message }) => message.startsWith('BitMind'));
	expect(lines.map(({ level, message }) => [level, message])).toEqual([
		[
			'info',
			expect.stringMatching(
				/^BitMind: batch 1 of 2, 10 images answered in \d+ ms; 10 of 20 files done, 0 of 1 request repeated$/,
			),
		],
		[
			'info',
			expect.stringMatching(
				/^BitMind: batch 2 of 2, 10 images answered in \d+ ms; 20 of 20 files done, 0 of 2 requests repeated$/,
			),
		],
	]);
});

const once = (misbehavior: Misbehavior): Misbehavior => {
	return (moment) => (moment.index === 0 ? misbehavior(moment) : undefined);
};

test.each<[string, Misbehavior, RegExp, string]>([
	[
		'a repeat',
		once(failing(1, { kind: 'status', status: 503 }, seededRandom(1))),
		/^1 of 2 requests was repeated\.$/,
		'info',
	],
	[
		'an answer with gaps',
		once(() => ({ kind: 'results', change: withoutPositions(0) })),
		/left files out/,
		'info',
	],
	[
		'a batch that was too large',
		once(() => ({ kind: 'status', status: 413 })),
		/had to be divided/,
		'info',
	],
])('%s is told in one hint', async (_, misbehavior, message, type) => {
	bench.emulator.misbehave(misbehavior);
	const result = await bench.run(items, [imageNode()]);
	expect(result.error).toBeUndefined();
	expect(result.hintsOf(IMAGE)).toEqual([
		{ message: expect.stringMatching(message), type, location: 'outputPane' },
	]);
});

test('files without a verdict are counted in a warning', async () => {
	const bad = samples[3]?.sha256;
	bench.emulator.misbehave((moment) =>
		moment.moment === 'afterBody' && moment.files.some(({ sha256 }) => sha256 === bad)
			? { kind: 'status', status: 422, json: { detail: 'cannot decode' } }
			: undefined,
	);
	const result = await bench.run(items, [imageNode({}, { onError: 'continueRegularOutput' })]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{
			message: expect.stringContaining('1 image could not be checked'),
			type: 'warning',
			location: 'outputPane',
		},
	]);
	expect(result.items.filter(({ json }) => json.error)).toHaveLength(1);
});

test('a long run is summed up, without any trouble too', async () => {
	const result = await bench.run(items, [imageNode({ options: { batchSize: 2 } })]);
	const ai = samples.filter(({ verdict }) => verdict.isAI).length;
	expect(result.hintsOf(IMAGE)).toEqual([
		{
			message: `20 images checked in 10 requests, ${ai} of them AI-generated.`,
			type: 'info',
			location: 'outputPane',
		},
	]);
});

test('items that are refused before anything is sent are counted, too', async () => {
	const mixed = [...items.slice(0, 2), itemOf(textFile()), { json: {} }];
	const result = await bench.run(mixed, [imageNode({}, { onError: 'continueRegularOutput' })]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{
			message: '2 items were refused before anything was sent for them.',
			type: 'warning',
			location: 'outputPane',
		},
	]);
});

test('that nothing at all was checked is told', async () => {
	const node = imageNode({ otherItems: 'passThrough' });
	const result = await bench.run([{ json: {} }, itemOf(textFile())], [node]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{
			message: 'No item had an image to check, so all were passed on unchecked.',
			type: 'info',
			location: 'outputPane',
		},
	]);
});

describe("an 'Input Binary Field' that is in no item", () => {
	const mistaken = { binaryPropertyName: 'dta', otherItems: 'passThrough' };

	test('bug: is a mistake that a warning tells, with the fields that there are', async () => {
		const input = [...items, itemOf(textFile()), { files: { thumb: samples[0]! } }, { json: {} }];
		const result = await bench.run(input, [imageNode(mistaken)]);
		expect(result.hintsOf(IMAGE)).toEqual([
			{
				message:
					"'Input Binary Field' matches none of the items' files, so nothing was checked; there are files in data, thumb.",
				type: 'warning',
				location: 'outputPane',
			},
		]);
	});

	test('bug: lets nothing through to Authentic', async () => {
		const routing = { ...mistaken, routeByVerdict: true, uncheckedRoute: 'authentic' };
		const outputs = await runRouted(bench, items, imageNode(routing));
		expect(outputs.Authentic).toEqual([]);
		expect(outputs.Review).toHaveLength(20);
	});

	test('is none where one item has it: that is a mixed stream', async () => {
		const routing = { ...mistaken, routeByVerdict: true, uncheckedRoute: 'authentic' };
		const input = [...items.slice(1), { files: { dta: samples[0]! } }];
		const { result, outputs } = await runOutputs(bench, input, imageNode(routing));
		expect(outputs.Authentic!.length).toBeGreaterThanOrEqual(19);
		expect(result.hintsOf(IMAGE)).toEqual([]);
	});

	test('is none behind a node that has checked all files', async () => {
		const routing = { ...mistaken, routeByVerdict: true };
		const before = [{ ...imageNode(), name: 'Before' }];
		const { result } = await runOutputs(bench, items, imageNode(routing), { before });
		expect(result.hintsOf(IMAGE)[0]?.type).toBe('info');
	});
});

test("that 'Always Output Data' makes an empty item of nothing AI-generated is told", async () => {
	const harmless = samples.filter(({ verdict }) => verdict.confidence < 0.6).map((s) => itemOf(s));
	const settings = { alwaysOutputData: true };
	const routing = imageNode({ routeByVerdict: true }, settings);
	const { result, outputs } = await runOutputs(bench, harmless, routing);
	expect(outputs['AI Generated']).toEqual([expect.objectContaining({ json: {} })]);
	expect(result.hintsOf(IMAGE)[0]).toMatchObject({
		message: expect.stringMatching(/^Nothing goes to 'AI Generated'.*turn it off\.$/),
		type: 'warning',
	});
	const all = await runOutputs(bench, items, routing);
	expect(all.result.hintsOf(IMAGE)).toEqual([]);
	const unrouted = await bench.run(harmless, [imageNode({}, settings)]);
	expect(unrouted.hintsOf(IMAGE)).toEqual([]);
});

test('a host that knows no hints and can cancel no node gets its verdicts all the same', async () => {
	const spy = jest.spyOn(BatchImageDetect.prototype, 'execute');
	spy.mockImplementation(async function (this: IExecuteFunctions) {
		Object.assign(this, { addExecutionHints: undefined, getExecutionCancelSignal: undefined });
		return await execute(this, IMAGES);
	});
	const result = await bench.run(items, [imageNode({ options: { batchSize: 2 } })]);
	spy.mockRestore();
	expect(result.error).toBeUndefined();
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	expect(result.hintsOf(IMAGE)).toEqual([]);
});

test('batches are counted on as they are divided', async () => {
	bench.emulator.misbehave(bodyLimit(300_000));
	const node = imageNode({ options: { batchSize: 20, concurrency: 1 } });
	const result = await bench.run(items, [node]);
	const numbers = result.logLines.flatMap(({ message }) => {
		const [, batch, batches] = /^BitMind: batch (\d+) of (\d+),/.exec(message) ?? [];
		return batch ? [[Number(batch), Number(batches)] as const] : [];
	});
	expect(numbers.map(([batch]) => batch)).toEqual(numbers.map((_, index) => index + 1));
	expect(numbers.at(-1)?.[0]).toBe(numbers.at(-1)?.[1]);
});
