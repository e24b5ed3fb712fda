import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { poison } from '../../support/emulator';
import { bandOf } from '../../support/engine/bands';
import {
	expectVerdict,
	IMAGE,
	imageNode,
	itemOf,
	useBench,
	VIDEO,
	videoNode,
} from '../../support/engine/bench';
import { images, textFile, videos } from '../../support/engine/media';
import { runRouted } from '../../support/engine/routed';

const bench = useBench();
const NEW = { typeVersion: 1.1 };
const GOES_ON = { ...NEW, onError: 'continueRegularOutput' } as const;
const samples = images(6);
const [sample] = samples as [(typeof samples)[0]];

/** Used instead of a file's name, which may be too long for a line. */
function tagOf(fileName: string): string {
	return `#${createHash('sha256').update(fileName).digest('base64url').slice(0, 6)}`;
}

test('the verdict and a line for the file precede the fields of the item', async () => {
	const input = samples.map((file, n) => itemOf(file, { n, fileName: 'from a table' }));
	const result = await bench.run(input, [imageNode({}, NEW)]);
	result.items.forEach(({ json }, n) => {
		const { fileName, verdict } = samples[n]!;
		const band = bandOf({ verdict });
		expect(Object.entries(json)).toEqual([
			['isAI', verdict.isAI],
			['confidence', verdict.confidence],
			['verdict', band],
			['bitMind', { file: `data: ${band} ${verdict.confidence} ${tagOf(fileName)}` }],
			['n', n],
			['fileName', 'from a table'],
		]);
	});
});

test('nodes of earlier versions keep their output', async () => {
	const result = await bench.run([itemOf(sample)], [imageNode({ simplify: true })]);
	expectVerdict(result.items[0], sample);
	expect(result.items[0]?.json).not.toHaveProperty('verdict');
	expect(result.items[0]?.json.bitMind).toEqual({
		files: [expect.objectContaining({ requestId: expect.any(String), batchPosition: 0 })],
	});
});

test('without Simplify, all details are there', async () => {
	const result = await bench.run([itemOf(sample)], [imageNode({ simplify: false }, NEW)]);
	expectVerdict(result.items[0], sample);
	expect(result.items[0]?.json.verdict).toBe(bandOf(sample));
});

test('each of several files has a short entry', async () => {
	const files = { front: samples[0]!, back: samples[1]! };
	const node = imageNode({ binaryPropertyName: '*' }, NEW);
	const result = await bench.run([{ files }], [node]);
	expect(result.items[0]?.json.bitMind).toEqual({
		files: Object.entries(files).map(([field, { fileName, verdict }]) => ({
			field,
			fileName,
			...verdict,
			verdict: bandOf({ verdict }),
		})),
	});
});

test('a file that failed says why, and what BitMind asks for', async () => {
	bench.emulator.misbehave(poison(({ fileName }) => fileName === sample.fileName));
	const result = await bench.run([itemOf(sample), itemOf(textFile())], [imageNode({}, GOES_ON)]);
	const [refused, unsent] = result.items.map(({ json }) => json);
	expect(Object.keys(refused!)).toEqual(['error', 'bitMind']);
	expect(refused!.error).toMatch(new RegExp(`^'${sample.fileName}': BitMind refused this image`));
	expect(refused!.bitMind).toMatchObject({
		errorCode: 'fileRefused',
		files: [{ field: 'data', fileName: sample.fileName, errorCode: 'fileRefused' }],
	});
	expect(unsent!.bitMind).toMatchObject({
		errorCode: 'unsupportedFile',
		files: [{ field: 'data', errorCode: 'unsupportedFile', error: expect.any(String) }],
	});
});

describe('a later node', () => {
	const pass = { otherItems: 'passThrough', binaryPropertyName: '*' };

	test.each([
		[1.1, 1.1],
		[1, 1.1],
		[1.1, 1],
	])('of version %d continues with the output of version %d', async (second, first) => {
		const film = videos(1)[0]!;
		const files = { 'a/b%': sample, film };
		const nodes = [
			imageNode(pass, { typeVersion: first }),
			videoNode(pass, { typeVersion: second }),
		];
		const result = await bench.run([{ files }], nodes);
		expect(result.itemsOf(IMAGE)).toHaveLength(1);
		expect(result.itemsOf(VIDEO)[0]?.json).toMatchObject({
			isAI: sample.verdict.isAI || film.verdict.isAI,
			confidence: Math.max(sample.verdict.confidence, film.verdict.confidence),
			bitMind: {
				files: [
					{ field: 'a/b%', fileName: sample.fileName, ...sample.verdict },
					{ field: 'film', fileName: film.fileName, ...film.verdict },
				],
			},
		});
	});

	test("doesn't apply the verdict to another file of the same field", async () => {
		const [other] = videos(1);
		const line = `data: authentic 0.01 ${tagOf(sample.fileName)}`;
		const json = { isAI: false, confidence: 0.01, verdict: 'authentic', bitMind: { file: line } };
		const routing = videoNode({ ...pass, binaryPropertyName: 'none', routeByVerdict: true }, NEW);
		const same = await runRouted(bench, [itemOf(sample, json)], routing);
		expect(same.Authentic).toHaveLength(1);
		const changed = await runRouted(bench, [itemOf(other!, json)], routing);
		expect(changed.Review).toHaveLength(1);
	});

	test.each(['', 'data', 'data: 7', 'data: authentic', 'data: 0.1 extra', 5, null, {}])(
		"doesn't read %p as a verdict",
		async (file) => {
			const json = { isAI: false, confidence: 0, verdict: 'authentic', bitMind: { file } };
			const routing = videoNode({ ...pass, binaryPropertyName: 'none', routeByVerdict: true }, NEW);
			const outputs = await runRouted(bench, [itemOf(sample, json)], routing);
			expect(outputs.Authentic).toEqual([]);
		},
	);

	test("keeps a verdict on a file that is gone, and doesn't apply it to another", async () => {
		const harmless = samples.find(({ verdict }) => verdict.confidence < 0.35)!;
		const first = { ...imageNode({}, NEW), name: 'First' };
		const [{ json }] = (await bench.run([itemOf(harmless)], [first])).items as [
			{ json: IDataObject },
		];
		const second = videoNode(pass, NEW);
		const lost = (await bench.run([{ json }], [second])).items[0]!.json;
		expect(lost).toMatchObject(harmless.verdict);
		const again = (await bench.run([{ json: lost }], [second])).items[0]!.json;
		expect(again).toMatchObject(harmless.verdict);
		const other = samples.find((each) => each !== harmless)!;
		const changed = (await bench.run([itemOf(other, again)], [second])).items[0]!.json;
		expect(changed).toMatchObject({ isAI: null, confidence: null, verdict: null });
	});

	test('replaces the failure of an earlier attempt', async () => {
		bench.emulator.misbehave((moment) =>
			moment.moment === 'afterBody' && moment.index === 0
				? { kind: 'status', status: 400 }
				: undefined,
		);
		const again = { ...imageNode({}, GOES_ON), name: 'Again' };
		const result = await bench.run([itemOf(sample)], [imageNode({}, GOES_ON), again]);
		expect(result.itemsOf(IMAGE)[0]?.json).toHaveProperty('error');
		const { json } = result.items[0]!;
		expect(json).toMatchObject(sample.verdict);
		expect(json.error).toBeUndefined();
		expect(json.bitMind).not.toHaveProperty('errorCode');
	});
});

describe('Include Files', () => {
	test.each([1, 1.1])('off leaves them out of all items of version %d', async (typeVersion) => {
		const node = imageNode(
			{ otherItems: 'passThrough', options: { includeFiles: false } },
			{ typeVersion, onError: 'continueRegularOutput' },
		);
		const empty = { fileName: 'empty.jpg', content: Buffer.alloc(0) };
		const input = [itemOf(sample), itemOf(textFile()), itemOf(empty), { json: {} }];
		const result = await bench.run(input, [node]);
		expect(result.items.map(({ binary }) => binary)).toEqual(input.map(() => undefined));
		expect(result.items[0]?.json).toMatchObject(sample.verdict);
		expect(result.items[2]?.json.error).toContain('is empty');
	});

	test('is on by default', async () => {
		const result = await bench.run([itemOf(sample)], [imageNode({}, NEW)]);
		expect(result.items[0]?.binary?.data).toBeDefined();
	});

	test('off leaves them out of both outputs of a combined workflow', async () => {
		const node = imageNode({ options: { includeFiles: false } }, NEW);
		const input = [itemOf(sample), itemOf(textFile())];
		const settings = { binaryMode: 'combined' } as const;
		const { good, bad } = await bench.runWithErrorOutput(input, node, { settings });
		expect(good[0]?.json).toMatchObject(sample.verdict);
		expect(bad[0]?.json.error).toContain('is plain text');
		for (const { json, binary } of [...good, ...bad]) {
			expect(binary).toBeUndefined();
			expect(json._files).toBeUndefined();
		}
	});
});
