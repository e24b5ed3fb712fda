import { bandOf } from '../../support/engine/bands';
import { imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';

const bench = useBench();
const samples = images(40);
const items = samples.map((sample, n) => itemOf(sample, { n }));

describe('the field verdict', () => {
	test('is missing by default', async () => {
		const result = await bench.run(items.slice(0, 2), [imageNode()]);
		expect(result.items[0]?.json).not.toHaveProperty('verdict');
	});

	test.each([
		[{ reviewFrom: 0.2 }, 0.2, 0.65],
		[{ aiFrom: 0.9 }, 0.35, 0.9],
		[{ reviewFrom: 0.1, aiFrom: 0.1 }, 0.1, 0.1],
		[{ reviewFrom: 0, aiFrom: 1 }, 0, 1],
		[{ reviewFrom: '={{ 0.4 }}', aiFrom: '={{ "0.8" }}' }, 0.4, 0.8],
	])('follows %j, and isAI stays as the API returned it', async (options, reviewFrom, aiFrom) => {
		const result = await bench.run(items, [imageNode({ options })]);
		expect(result.items.map(({ json: { verdict, isAI } }) => [verdict, isAI])).toEqual(
			samples.map((sample) => [bandOf(sample, reviewFrom, aiFrom), sample.verdict.isAI]),
		);
	});

	test('is ai at exactly the threshold', async () => {
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

	test("'Threshold for Review' must not be above 'Threshold for AI Generated'", async () => {
		const node = imageNode({ options: { reviewFrom: 0.8, aiFrom: 0.5 } });
		const result = await bench.run(items, [node]);
		expect(result.error?.message).toBe(
			"'Threshold for Review' (0.8) must not be higher than 'Threshold for AI Generated' (0.5) [item 0]",
		);
		expect(bench.emulator.requests).toEqual([]);
	});

	test.each([-0.1, 1.1, 'high'])("%p isn't a threshold", async (aiFrom) => {
		const result = await bench.run(items.slice(0, 1), [imageNode({ options: { aiFrom } })]);
		expect(result.error?.message).toBe(
			"'Threshold for AI Generated' must be a number from 0 to 1 [item 0]",
		);
	});

	test('a percentage is refused with the number to enter instead', async () => {
		const node = imageNode({ routeByVerdict: true, aiThreshold: 80 });
		const result = await bench.run(items.slice(0, 1), [node]);
		expect(result.error?.message).toBe(
			"'Threshold for AI Generated' must be a number from 0 to 1: 0.8 for 80% [item 0]",
		);
	});
});
