import type { INode, INodeExecutionData } from 'n8n-workflow';
import { poison } from '../../support/emulator';
import { IMAGE, imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { image, images, textFile, video, type Sample } from '../../support/engine/media';
import { ROUTES, runRouted as routed } from '../../support/engine/routed';
import type { SourceItem } from '../../support/engine/standIns';

const bench = useBench();
const samples = images(40);
const items = samples.map((sample, n) => itemOf(sample, { n }));

const bandOf = ({ verdict: { confidence } }: Sample, reviewFrom = 0.35, aiFrom = 0.65) =>
	confidence >= aiFrom ? 'ai' : confidence >= reviewFrom ? 'review' : 'authentic';

const runRouted = (input: readonly SourceItem[], routing: INode, before?: INode[]) =>
	routed(bench, input, routing, before);

const numbers = (output: INodeExecutionData[] = []) => output.map(({ json }) => json.n);
const numbersOf = (band: string) =>
	samples.flatMap((sample, n) => (bandOf(sample) === band ? [n] : []));

describe('the field verdict', () => {
	test('is missing unless it is wanted', async () => {
		const result = await bench.run(items.slice(0, 2), [imageNode()]);
		expect(result.items[0]?.json).not.toHaveProperty('verdict');
	});

	test.each([
		[{ reviewFrom: 0.2 }, 0.2, 0.65],
		[{ aiFrom: 0.9 }, 0.35, 0.9],
		[{ reviewFrom: 0.1, aiFrom: 0.1 }, 0.1, 0.1],
		[{ reviewFrom: 0, aiFrom: 1 }, 0, 1],
		[{ reviewFrom: '={{ 0.4 }}', aiFrom: '={{ "0.8" }}' }, 0.4, 0.8],
	])('follows %j, and isAI stays as BitMind gave it', async (options, reviewFrom, aiFrom) => {
		const result = await bench.run(items, [imageNode({ options })]);
		expect(result.items.map(({ json: { verdict, isAI } }) => [verdict, isAI])).toEqual(
			samples.map((sample) => [bandOf(sample, reviewFrom, aiFrom), sample.verdict.isAI]),
		);
	});

	test('starts exactly at the confidence in the option', async () => {
		const { confidence } = samples[0]!.verdict;
		const result = await bench.run(items.slice(0, 1), [
			imageNode({ options: { reviewFrom: confidence, aiFrom: confidence } }),
		]);
		expect(result.items[0]?.json.verdict).toBe('ai');
	});

	test('is inside the output field if there is one', async () => {
		const options = { outputField: 'check', aiFrom: 0.5, reviewFrom: 0.5 };
		const result = await bench.run(items.slice(0, 1), [imageNode({ options })]);
		expect(result.items[0]?.json.check).toHaveProperty('verdict');
		expect(result.items[0]?.json).not.toHaveProperty('verdict');
	});

	test('a threshold for review above that for AI-generated is refused with a sentence', async () => {
		const node = imageNode({ options: { reviewFrom: 0.8, aiFrom: 0.5 } });
		const result = await bench.run(items, [node]);
		expect(result.error?.message).toBe(
			"'Threshold for Review' (0.8) must not be higher than 'Threshold for AI Generated' (0.5) [item 0]",
		);
		expect(bench.emulator.requests).toEqual([]);
	});

	test.each([-0.1, 1.1, 'high'])('%p is not a confidence', async (aiFrom) => {
		const result = await bench.run(items.slice(0, 1), [imageNode({ options: { aiFrom } })]);
		expect(result.error?.message).toBe(
			"'Threshold for AI Generated' must be a number from 0 to 1 [item 0]",
		);
	});

	test('a percentage gets the number that is meant', async () => {
		const node = imageNode({ routeByVerdict: true, aiThreshold: 80 });
		const result = await bench.run(items.slice(0, 1), [node]);
		expect(result.error?.message).toBe(
			"'Threshold for AI Generated' must be a number from 0 to 1: 0.8 for 80% [item 0]",
		);
	});

	test.each([
		['as options', {}, { aiFrom: 0.3 }, 0.3, 0.3],
		['as options', {}, { reviewFrom: 0.8 }, 0.8, 0.8],
		['beneath the switch', { aiThreshold: 0.3 }, {}, 0.3, 0.3],
		['beneath the switch', { reviewThreshold: 0.8 }, {}, 0.8, 0.8],
		['beneath the switch', { reviewThreshold: 0.2, aiThreshold: 0.9 }, {}, 0.2, 0.9],
		['in both places', { aiThreshold: 0.9 }, { reviewFrom: 0.2 }, 0.2, 0.9],
		['in both places', { aiThreshold: 0.9 }, { aiFrom: 0.5 }, 0.35, 0.5],
	])(
		'set %s (%j %j), thresholds lead where they say, and one alone moves the other',
		async (_, parameters, options, reviewFrom, aiFrom) => {
			for (const typeVersion of [1, 1.1]) {
				const node = imageNode({ routeByVerdict: true, ...parameters, options }, { typeVersion });
				const outputs = await runRouted(items, node);
				const bands = [outputs['AI Generated'], outputs.Review, outputs.Authentic].map(numbers);
				expect(bands).toEqual(
					['ai', 'review', 'authentic'].map((band) =>
						samples.flatMap((sample, n) =>
							bandOf(sample, reviewFrom, aiFrom) === band ? [n] : [],
						),
					),
				);
			}
		},
	);
});

describe('Route by Verdict', () => {
	test('each item leaves on one of three outputs, in order', async () => {
		const outputs = await runRouted(items, imageNode({ routeByVerdict: true }));
		expect(numbers(outputs['AI Generated'])).toEqual(numbersOf('ai'));
		expect(numbers(outputs.Review)).toEqual(numbersOf('review'));
		expect(numbers(outputs.Authentic)).toEqual(numbersOf('authentic'));
		expect(outputs.Review?.every(({ json }) => json.verdict === 'review')).toBe(true);
		expect(outputs.Review?.every(({ binary }) => binary?.data)).toBe(true);
	});

	test('failed items take the error output if there is one', async () => {
		const mixed = [...items.slice(0, 5), itemOf(textFile(), { n: 'text' })];
		const routing = imageNode({ routeByVerdict: true }, { onError: 'continueErrorOutput' });
		const outputs = await runRouted(mixed, routing);
		expect(numbers(outputs.Error)).toEqual(['text']);
		const others = ROUTES.flatMap((name) => numbers(outputs[name]));
		expect(others.sort()).toEqual([0, 1, 2, 3, 4]);
	});

	test('failed items go to review if the node continues without one', async () => {
		const routing = imageNode({ routeByVerdict: true }, { onError: 'continueRegularOutput' });
		const outputs = await runRouted([itemOf(textFile(), { n: 'text' })], routing);
		expect(numbers(outputs.Review)).toEqual(['text']);
		expect(outputs.Review?.[0]?.json).not.toHaveProperty('verdict');
		expect(outputs.Review?.[0]?.json.error).toContain('[item 0]');
	});

	test.each([
		['review', 'Review'],
		['authentic', 'Authentic'],
	])('unchecked items go to %s if the user says so', async (uncheckedRoute, output) => {
		const parameters = { routeByVerdict: true, otherItems: 'passThrough', uncheckedRoute };
		const outputs = await runRouted([{ json: { n: 'none' } }], imageNode(parameters));
		expect(outputs[output]?.map(({ json }) => json)).toEqual([
			{ n: 'none', isAI: null, confidence: null, verdict: null },
		]);
	});

	test('unchecked items go to review unless the user says otherwise', async () => {
		const parameters = { routeByVerdict: true, otherItems: 'passThrough' };
		const outputs = await runRouted([{ json: { n: 'none' } }], imageNode(parameters));
		expect(numbers(outputs.Review)).toEqual(['none']);
	});

	test('after another node, items are routed by the verdict that they bring', async () => {
		const [anImage, aVideo] = [image('chain'), video('chain')];
		const input = [itemOf(anImage, { n: 'image' }), itemOf(aVideo, { n: 'video' })];
		const pass = { otherItems: 'passThrough' };
		const outputs = await runRouted(input, videoNode({ ...pass, routeByVerdict: true }), [
			imageNode(pass),
		]);
		const byNumber = Object.entries(outputs).flatMap(([name, output]) =>
			output.map(({ json }) => [json.n, name, json.verdict]),
		);
		const names: Record<string, string> = {
			ai: 'AI Generated',
			review: 'Review',
			authentic: 'Authentic',
		};
		expect(byNumber.sort()).toEqual([
			['image', names[bandOf(anImage)], bandOf(anImage)],
			['video', names[bandOf(aVideo)], bandOf(aVideo)],
		]);
	});

	test("what an earlier node could not check goes to review, whatever 'Unchecked Items' says", async () => {
		const broken = {
			...image('broken'),
			content: Buffer.concat([image('x').content, Buffer.from('!')]),
		};
		bench.emulator.misbehave(poison(() => true));
		const parameters = { otherItems: 'passThrough' };
		const first = imageNode(parameters, { onError: 'continueRegularOutput' });
		const routing = videoNode({ ...parameters, routeByVerdict: true, uncheckedRoute: 'authentic' });
		const outputs = await runRouted([itemOf(broken, { n: 'broken' })], routing, [first]);
		expect(numbers(outputs.Review)).toEqual(['broken']);
		expect(outputs.Review?.[0]?.json.error).toContain('BitMind refused this image');
	});

	test('an item is not called authentic if an earlier node could not check one of its files', async () => {
		const bad = image('half broken');
		const { authentic } = Object.fromEntries(
			[...Array(40).keys()]
				.map((n) => video(`half ${n}`))
				.map((sample) => [bandOf(sample), sample]),
		);
		bench.emulator.misbehave(poison(({ sha256 }) => sha256 === bad.sha256));
		const parameters = { binaryPropertyName: '*', otherItems: 'passThrough' };
		const first = imageNode(parameters, { onError: 'continueRegularOutput' });
		const input = [{ json: { n: 'both' }, files: { picture: bad, clip: authentic! } }];
		const routing = videoNode({ ...parameters, routeByVerdict: true });
		const outputs = await runRouted(input, routing, [first]);
		expect(numbers(outputs.Review)).toEqual(['both']);
		expect(outputs.Review?.[0]?.json.verdict).toBe('review');
	});

	test('an item that an earlier node refused is not called authentic', async () => {
		const authentic = [...Array(40).keys()]
			.map((n) => video(`refused ${n}`))
			.find((sample) => bandOf(sample) === 'authentic')!;
		const parameters = { binaryPropertyName: '*', otherItems: 'passThrough' };
		const first = imageNode(
			{ ...parameters, options: { aiFrom: 5 } },
			{ onError: 'continueRegularOutput' },
		);
		const input = [{ json: { n: 'both' }, files: { picture: image('refused'), clip: authentic } }];
		const routing = videoNode({
			...parameters,
			routeByVerdict: true,
			uncheckedRoute: 'authentic',
		});
		const outputs = await runRouted(input, routing, [first]);
		expect(numbers(outputs.Review)).toEqual(['both']);
		expect(outputs.Review?.[0]?.json.verdict).toBe('review');
		expect(outputs.Review?.[0]?.json.error).toContain('Threshold for AI Generated');
	});

	describe('an item with a file that no node checks', () => {
		const authentic = samples.find((sample) => bandOf(sample) === 'authentic')!;
		const ai = samples.find((sample) => bandOf(sample) === 'ai')!;
		const pass = { binaryPropertyName: '*', otherItems: 'passThrough' };
		const input = [
			{ json: { n: 'authentic' }, files: { one: authentic, other: textFile() } },
			{ json: { n: 'ai' }, files: { one: ai, other: textFile() } },
		];

		test.each([
			[undefined, 'Review', 'review'],
			['review', 'Review', 'review'],
			['authentic', 'Authentic', 'authentic'],
		])('goes where unchecked items go: %s', async (uncheckedRoute, output, verdict) => {
			const routing = { ...pass, routeByVerdict: true, ...(uncheckedRoute && { uncheckedRoute }) };
			for (const before of [[], [imageNode(pass)]]) {
				const last = before.length > 0 ? videoNode(routing) : imageNode(routing);
				const outputs = await runRouted(input, last, before);
				expect(numbers(outputs[output])).toEqual(['authentic']);
				expect(outputs[output]?.[0]?.json.verdict).toBe(verdict);
				expect(numbers(outputs['AI Generated'])).toEqual(['ai']);
			}
		});

		test('has the verdict on the others if nothing is routed', async () => {
			const result = await bench.run(input, [imageNode({ ...pass, options: { aiFrom: 0.65 } })]);
			expect(result.items.map(({ json }) => json.verdict)).toEqual(['authentic', 'ai']);
		});
	});

	test("another service's fields don't count as BitMind's verdict", async () => {
		const foreign = { confidence: 0.1, verdict: 'authentic' };
		const parameters = { routeByVerdict: true, otherItems: 'passThrough' };
		const outputs = await runRouted(
			[{ json: { n: 'foreign', ...foreign } }],
			imageNode(parameters),
		);
		expect(outputs.Review?.map(({ json }) => json)).toEqual([
			{ n: 'foreign', isAI: null, confidence: null, verdict: null },
		]);
	});

	test('the canvas has one output without it and three with it', async () => {
		const result = await bench.run(items, [imageNode()]);
		expect(result.taskOf(IMAGE)?.data?.main).toHaveLength(1);
		const routed = await bench.run(items, [imageNode({ routeByVerdict: true })]);
		expect(routed.taskOf(IMAGE)?.data?.main).toHaveLength(3);
	});
});
