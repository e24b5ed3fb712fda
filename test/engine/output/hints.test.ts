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
import { images, textFile, type Sample } from '../../support/engine/media';
import { runOutputs, runRouted } from '../../support/engine/routed';

const bench = useBench();
const samples = images(20);
const items = samples.map((sample) => itemOf(sample));

/** As people count them. */
function found(files: readonly Sample[], reviewFrom = 0.35, aiFrom = 0.65): string {
	const share = files.map(({ verdict }) => verdict.confidence);
	const ai = share.filter((each) => each >= aiFrom).length;
	const authentic = share.filter((each) => each < reviewFrom).length;
	const review = share.length - ai - authentic;
	const parts = [
		ai > 0 && `${ai} AI-generated`,
		review > 0 && `${review} need${review === 1 ? 's' : ''} review`,
		authentic > 0 && `${authentic} authentic`,
	];
	const noun = files.length === 1 ? 'image' : 'images';
	return `${files.length} ${noun} checked: ${parts.filter(Boolean).join(', ')}`;
}
const FOUND = found(samples);

test('a run without any trouble is summed up in a hint, with a line in the log for each request', async () => {
	const result = await bench.run(items, [
		imageNode({ options: { batchSize: 10, concurrency: 1 } }),
	]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{ message: `${FOUND}.`, type: 'info', location: 'outputPane' },
	]);
	const lines = result.logLines.filter(({ message }) => message.startsWith('BitMind'));
	expect(lines.map(({ level, message }) => [level, message])).toEqual([
		[
			'info',
			expect.stringMatching(
				/^BitMind: batch 1 of 2, 10 images got a response in \d+ ms; 10 of 20 files done, 1 request, 0 retries$/,
			),
		],
		[
			'info',
			expect.stringMatching(
				/^BitMind: batch 2 of 2, 10 images got a response in \d+ ms; 20 of 20 files done, 2 requests, 0 retries$/,
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
		/^20 images checked: .*; 1 of 2 requests was a retry\.$/,
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
		/had to be split/,
		'info',
	],
])('%s is reported in one hint', async (_, misbehavior, message, type) => {
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
	'the summary goes by the thresholds %j, and counts one as one',
	async (options: { reviewFrom?: number; aiFrom?: number }) => {
		const { reviewFrom, aiFrom } = options;
		for (const number of [1, 2, 20]) {
			const result = await bench.run(items.slice(0, number), [imageNode({ options })]);
			const [hint] = result.hintsOf(IMAGE);
			expect(hint?.message).toBe(`${found(samples.slice(0, number), reviewFrom, aiFrom)}.`);
		}
	},
);

test.each([
	[
		'an outage',
		503,
		'continueErrorOutput',
		', and run the workflow again for them',
		"'error' on the output 'Error'",
	],
	['a refusal', 422, 'continueRegularOutput', '', "'error' on the output 'Review'"],
] as const)(
	'%s is told with where to look and what to do',
	async (_, status, onError, cure, place) => {
		bench.emulator.misbehave((moment) =>
			moment.moment === 'afterBody' ? { kind: 'status', status } : undefined,
		);
		const parameters = { routeByVerdict: true, options: { maxRetries: 0 } };
		const { result } = await runOutputs(
			bench,
			items.slice(0, 2),
			imageNode(parameters, { onError }),
		);
		const told = `2 images could not be checked: see ${place} for the reason${cure}.`;
		expect(result.hintsOf(IMAGE)[0]?.message.toLowerCase()).toContain(told.toLowerCase());
	},
);

test('items that are refused before anything is sent are counted', async () => {
	const mixed = [...items.slice(0, 2), itemOf(textFile()), { json: {} }];
	const result = await bench.run(mixed, [imageNode({}, { onError: 'continueRegularOutput' })]);
	expect(result.hintsOf(IMAGE)).toEqual([
		{
			message: `${found(samples.slice(0, 2))}; 2 items were refused before anything was sent for them: see the items' 'error' for the reason.`,
			type: 'warning',
			location: 'outputPane',
		},
	]);
});

test('a hint says that nothing at all was checked', async () => {
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

	test('bug: gives a warning that lists the existing fields', async () => {
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

	test('gives no warning if one item has it, as in a mixed stream', async () => {
		const routing = { ...mistaken, routeByVerdict: true, uncheckedRoute: 'authentic' };
		const input = [...items.slice(1), { files: { dta: samples[0]! } }];
		const { result, outputs } = await runOutputs(bench, input, imageNode(routing));
		expect(outputs.Authentic!.length).toBeGreaterThanOrEqual(19);
		expect(result.hintsOf(IMAGE)[0]?.message).toBe(`${found(samples.slice(0, 1))}.`);
	});

	test('gives no warning after a node that has checked all files', async () => {
		const routing = { ...mistaken, routeByVerdict: true };
		const before = [{ ...imageNode(), name: 'Before' }];
		const { result } = await runOutputs(bench, items, imageNode(routing), { before });
		expect(result.hintsOf(IMAGE)[0]?.type).toBe('info');
	});
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

test('an n8n without hints and cancellation still gets its verdicts', async () => {
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

test('batches are counted on as they are split', async () => {
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
