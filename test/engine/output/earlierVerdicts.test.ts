import type { INode, INodeExecutionData } from 'n8n-workflow';
import { poison } from '../../support/emulator';
import { bandOf, OUTPUT_OF } from '../../support/engine/bands';
import { imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { image, images, textFile, video } from '../../support/engine/media';
import { runRouted as routed } from '../../support/engine/routed';
import type { SourceItem } from '../../support/engine/standIns';

const bench = useBench();
const samples = images(40);

const runRouted = (input: readonly SourceItem[], routing: INode, before?: INode[]) =>
	routed(bench, input, routing, before);

const numbers = (output: INodeExecutionData[] = []) => output.map(({ json }) => json.n);

test('after another node, items are routed by the verdict that they have', async () => {
	const [anImage, aVideo] = [image('chain'), video('chain')];
	const input = [itemOf(anImage, { n: 'image' }), itemOf(aVideo, { n: 'video' })];
	const pass = { otherItems: 'passThrough' };
	const outputs = await runRouted(input, videoNode({ ...pass, routeByVerdict: true }), [
		imageNode(pass),
	]);
	const byNumber = Object.entries(outputs).flatMap(([name, output]) =>
		output.map(({ json }) => [json.n, name, json.verdict]),
	);
	expect(byNumber.sort()).toEqual([
		['image', OUTPUT_OF[bandOf(anImage)], bandOf(anImage)],
		['video', OUTPUT_OF[bandOf(aVideo)], bandOf(aVideo)],
	]);
});

test("what an earlier node could not check goes to review, whatever 'Unchecked Items' is set to", async () => {
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

test("an item isn't authentic if an earlier node could not check one of its files", async () => {
	const bad = image('half broken');
	const { authentic } = Object.fromEntries(
		[...Array(40).keys()].map((n) => video(`half ${n}`)).map((sample) => [bandOf(sample), sample]),
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

test("an item that an earlier node refused isn't authentic", async () => {
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

	test('has the verdict on its other files if nothing is routed', async () => {
		const result = await bench.run(input, [imageNode({ ...pass, options: { aiFrom: 0.65 } })]);
		expect(result.items.map(({ json }) => json.verdict)).toEqual(['authentic', 'ai']);
	});
});
