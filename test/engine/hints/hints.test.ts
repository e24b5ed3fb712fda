import type { IExecuteFunctions } from 'n8n-workflow';
import { IMAGES } from '../../../client/model/mediaKind';
import { BatchImageDetect } from '../../../nodes/BatchImageDetect/BatchImageDetect.node';
import { execute } from '../../../nodes/shared/execute';
import { failing, seededRandom, withoutPositions, type Misbehavior } from '../../support/emulator';
import { expectVerdict, IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images, textFile } from '../../support/engine/media';
import { runOutputs } from '../../support/engine/routed';
import { summaryOf } from './summary';

const bench = useBench();
const samples = images(20);
const items = samples.map((sample) => itemOf(sample));

const SUMMARY = summaryOf(samples);

test('a run without problems is summed up in a hint', async () => {
	const result = await bench.run(items, [
		imageNode({ options: { batchSize: 10, concurrency: 1 } }),
	]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{ message: `${SUMMARY}.`, type: 'info', location: 'outputPane' },
	]);
});

const once = (misbehavior: Misbehavior): Misbehavior => {
	return (moment) => (moment.index === 0 ? misbehavior(moment) : undefined);
};

test.each<[string, Misbehavior, RegExp, string]>([
	[
		'a retry',
		once(failing(1, { kind: 'status', status: 503 }, seededRandom(1))),
		/^20 images checked: .*; 1 of 2 requests was a retry\.$/,
		'info',
	],
	[
		'an incomplete response',
		once(() => ({ kind: 'results', change: withoutPositions(0) })),
		/left files out/,
		'info',
	],
	[
		'a batch that is too large',
		once(() => ({ kind: 'status', status: 413 })),
		/had to be split/,
		'info',
	],
])('%s is mentioned in the hint', async (_, misbehavior, message, type) => {
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
			message: expect.stringMatching(
				/^19 images checked: .*; 1 image could not be checked: see the items' 'error' for the reason\.$/,
			),
			type: 'warning',
			location: 'outputPane',
		},
	]);
	expect(result.items.filter(({ json }) => json.error)).toHaveLength(1);
});

test.each([[{ aiFrom: 0.9 }], [{ reviewFrom: 0.5, aiFrom: 0.5 }], [{ reviewFrom: 0, aiFrom: 0 }]])(
	'the summary follows the thresholds %j, and counts 1 image as singular',
	async (options: { reviewFrom?: number; aiFrom?: number }) => {
		const { reviewFrom, aiFrom } = options;
		for (const number of [1, 2, 20]) {
			const result = await bench.run(items.slice(0, number), [imageNode({ options })]);
			const [hint] = result.hintsOf(IMAGE);
			expect(hint?.message).toBe(`${summaryOf(samples.slice(0, number), reviewFrom, aiFrom)}.`);
		}
	},
);

test.each([
	[
		'an outage',
		503,
		'continueErrorOutput',
		"'error' on the output 'Error' for the reason, and run the workflow again for them",
	],
	['a refusal', 422, 'continueRegularOutput', "'error' on the output 'Review' for the reason"],
] as const)(
	'after %s, the hint says where to look and what to do',
	async (_, status, onError, advice) => {
		bench.emulator.misbehave((moment) =>
			moment.moment === 'afterBody' ? { kind: 'status', status } : undefined,
		);
		const parameters = { routeByVerdict: true, options: { maxRetries: 0 } };
		const { result } = await runOutputs(
			bench,
			items.slice(0, 2),
			imageNode(parameters, { onError }),
		);
		const told = `2 images could not be checked: see ${advice}.`;
		expect(result.hintsOf(IMAGE)[0]?.message.toLowerCase()).toContain(told.toLowerCase());
	},
);

test('items that are refused before anything is sent are counted', async () => {
	const mixed = [...items.slice(0, 2), itemOf(textFile()), { json: {} }];
	const result = await bench.run(mixed, [imageNode({}, { onError: 'continueRegularOutput' })]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{
			message: `${summaryOf(samples.slice(0, 2))}; 2 items were refused before anything was sent for them: see the items' 'error' for the reason.`,
			type: 'warning',
			location: 'outputPane',
		},
	]);
});

test('a hint says if nothing was checked', async () => {
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

test("a hint says that 'Always Output Data' adds an empty item if nothing is AI-generated", async () => {
	const harmless = samples.filter(({ verdict }) => verdict.confidence < 0.6).map((s) => itemOf(s));
	const settings = { alwaysOutputData: true };
	const routing = imageNode({ routeByVerdict: true }, settings);
	const { result, outputs } = await runOutputs(bench, harmless, routing);
	expect(outputs['AI Generated']).toEqual([expect.objectContaining({ json: {} })]);
	expect(result.hintsOf(IMAGE)[0]).toMatchObject({
		message: expect.stringMatching(/; nothing goes to 'AI Generated'.*turn it off\.$/),
		type: 'warning',
	});
	const all = await runOutputs(bench, items, routing);
	expect(all.result.hintsOf(IMAGE)[0]?.type).toBe('info');
	const unrouted = await bench.run(harmless, [imageNode({}, settings)]);
	expect(unrouted.hintsOf(IMAGE)[0]?.type).toBe('info');
});

test('an n8n without hints and cancellation still gets verdicts', async () => {
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
