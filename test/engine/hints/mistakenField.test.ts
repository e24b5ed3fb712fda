import { IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images, textFile } from '../../support/engine/media';
import { runOutputs, runRouted } from '../../support/engine/routed';
import { summaryOf } from './summary';

const bench = useBench();
const samples = images(20);
const items = samples.map((sample) => itemOf(sample));

describe("an 'Input Binary Field' that no item has", () => {
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

	test('gives no warning if one item has it, as with mixed items', async () => {
		const routing = { ...mistaken, routeByVerdict: true, uncheckedRoute: 'authentic' };
		const input = [...items.slice(1), { files: { dta: samples[0]! } }];
		const { result, outputs } = await runOutputs(bench, input, imageNode(routing));
		expect(outputs.Authentic!.length).toBeGreaterThanOrEqual(19);
		expect(result.hintsOf(IMAGE)[0]?.message).toBe(`${summaryOf(samples.slice(0, 1))}.`);
	});

	test('gives no warning after a node that checked all files', async () => {
		const routing = { ...mistaken, routeByVerdict: true };
		const before = [{ ...imageNode(), name: 'Before' }];
		const { result } = await runOutputs(bench, items, imageNode(routing), { before });
		expect(result.hintsOf(IMAGE)[0]?.type).toBe('info');
	});
});
