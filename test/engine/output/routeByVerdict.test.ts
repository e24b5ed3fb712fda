import type { INode, INodeExecutionData } from 'n8n-workflow';
import { bandOf } from '../../support/engine/bands';
import { IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images, textFile } from '../../support/engine/media';
import { ROUTES, runRouted as routed } from '../../support/engine/routed';
import type { SourceItem } from '../../support/engine/standIns';

const bench = useBench();
const samples = images(40);
const items = samples.map((sample, n) => itemOf(sample, { n }));

const runRouted = (input: readonly SourceItem[], routing: INode) => routed(bench, input, routing);

const numbers = (output: INodeExecutionData[] = []) => output.map(({ json }) => json.n);
const numbersOf = (band: string, reviewFrom?: number, aiFrom?: number) =>
	samples.flatMap((sample, n) => (bandOf(sample, reviewFrom, aiFrom) === band ? [n] : []));

describe('Route by Verdict', () => {
	test('each item leaves by one of three outputs, in input order', async () => {
		const outputs = await runRouted(items, imageNode({ routeByVerdict: true }));
		expect(numbers(outputs['AI Generated'])).toEqual(numbersOf('ai'));
		expect(numbers(outputs.Review)).toEqual(numbersOf('review'));
		expect(numbers(outputs.Authentic)).toEqual(numbersOf('authentic'));
		expect(outputs.Review?.every(({ json }) => json.verdict === 'review')).toBe(true);
		expect(outputs.Review?.every(({ binary }) => binary?.data)).toBe(true);
	});

	test.each([
		['set as options', {}, { aiFrom: 0.3 }, [0.3, 0.3]],
		['set as options', {}, { reviewFrom: 0.8 }, [0.8, 0.8]],
		['set below the switch', { aiThreshold: 0.3 }, {}, [0.3, 0.3]],
		['set below the switch', { reviewThreshold: 0.8 }, {}, [0.8, 0.8]],
		['set below the switch', { reviewThreshold: 0.2, aiThreshold: 0.9 }, {}, [0.2, 0.9]],
		['set in both places', { aiThreshold: 0.9 }, { reviewFrom: 0.2 }, [0.2, 0.9]],
		['set in both places', { aiThreshold: 0.9 }, { aiFrom: 0.5 }, [0.35, 0.5]],
	])(
		'thresholds %s (%j %j) decide the output, and one alone moves the other',
		async (_, parameters, options, [reviewFrom, aiFrom]) => {
			for (const typeVersion of [1, 1.1]) {
				const node = imageNode({ routeByVerdict: true, ...parameters, options }, { typeVersion });
				const outputs = await runRouted(items, node);
				const bands = [outputs['AI Generated'], outputs.Review, outputs.Authentic].map(numbers);
				expect(bands).toEqual(
					['ai', 'review', 'authentic'].map((band) => numbersOf(band, reviewFrom, aiFrom)),
				);
			}
		},
	);

	test('failed items leave by the error output if there is one', async () => {
		const mixed = [...items.slice(0, 5), itemOf(textFile(), { n: 'text' })];
		const routing = imageNode({ routeByVerdict: true }, { onError: 'continueErrorOutput' });
		const outputs = await runRouted(mixed, routing);
		expect(numbers(outputs.Error)).toEqual(['text']);
		const others = ROUTES.flatMap((name) => numbers(outputs[name]));
		expect(others.sort()).toEqual([0, 1, 2, 3, 4]);
	});

	test('failed items go to review if the node continues without an error output', async () => {
		const routing = imageNode({ routeByVerdict: true }, { onError: 'continueRegularOutput' });
		const outputs = await runRouted([itemOf(textFile(), { n: 'text' })], routing);
		expect(numbers(outputs.Review)).toEqual(['text']);
		expect(outputs.Review?.[0]?.json).not.toHaveProperty('verdict');
		expect(outputs.Review?.[0]?.json.error).toContain('[item 0]');
	});

	test.each([
		['review', 'Review'],
		['authentic', 'Authentic'],
	])('unchecked items go to %s if the user wants it', async (uncheckedRoute, output) => {
		const parameters = { routeByVerdict: true, otherItems: 'passThrough', uncheckedRoute };
		const outputs = await runRouted([{ json: { n: 'none' } }], imageNode(parameters));
		expect(outputs[output]?.map(({ json }) => json)).toEqual([
			{ n: 'none', isAI: null, confidence: null, verdict: null },
		]);
	});

	test('unchecked items go to review by default', async () => {
		const parameters = { routeByVerdict: true, otherItems: 'passThrough' };
		const outputs = await runRouted([{ json: { n: 'none' } }], imageNode(parameters));
		expect(numbers(outputs.Review)).toEqual(['none']);
	});

	test("another service's fields don't count as a verdict", async () => {
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

	test('the node has one output without it and three with it', async () => {
		const result = await bench.run(items, [imageNode()]);
		expect(result.taskOf(IMAGE)?.data?.main).toHaveLength(1);
		const routed = await bench.run(items, [imageNode({ routeByVerdict: true })]);
		expect(routed.taskOf(IMAGE)?.data?.main).toHaveLength(3);
	});
});
