import type { INodeExecutionData } from 'n8n-workflow';
import { IMAGES } from '../../../../../client/model/mediaKind';
import { outputItems } from '../../../../../nodes/shared/output/outputItems';
import { DEFAULT_BANDS } from '../../../../../nodes/shared/settings/bands';
import {
	AI,
	checked,
	expectItem,
	NODE,
	outputOf,
	planOf,
	REAL,
	UNSURE,
	type Case,
	type Given,
} from './scene';

test.each<Case>([
	[
		'results in an output field',
		{
			json: { id: 7, check: { old: 1 } },
			files: ['a'],
			outcomes: [AI],
			settings: { outputField: 'check' },
		},
		'ai',
		{
			id: 7,
			check: { old: 1, isAI: true, confidence: 0.9, bitMind: { files: [checked('a', 0.9)] } },
		},
	],
	[
		'an item without its input fields',
		{ json: { id: 7 }, files: ['a'], outcomes: [AI], settings: { includeInputFields: false } },
		'ai',
		{ isAI: true, confidence: 0.9, bitMind: { files: [checked('a', 0.9)] } },
	],
])('%s', expectItem);

test('new fields come first, in reading order', () => {
	const [output] = outputOf([
		{ json: { id: 7 }, files: ['a'], outcomes: [AI], settings: { bands: DEFAULT_BANDS } },
	]);
	const names = ['isAI', 'confidence', 'verdict', 'bitMind', 'id'];
	expect(Object.keys(output?.item.json ?? {})).toEqual(names);
});

test('each item gets the outcomes of its own files, and is paired with its input item', () => {
	const items: Given[] = [
		{ json: { n: 0 }, files: ['a', 'b'], outcomes: [REAL, REAL] },
		{ json: { n: 1 } },
		{ json: { n: 2 }, files: ['a'], outcomes: [AI] },
		{ json: { n: 3 }, files: ['a'], outcomes: [UNSURE] },
	];
	const output = outputOf(items);
	expect(output.map(({ item }) => [item.json.n, item.json.confidence])).toEqual([
		[0, 0.1],
		[1, null],
		[2, 0.9],
		[3, 0.5],
	]);
	expect(output.map(({ item }) => item.pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
});

test("an item keeps its files, but not another node's error", () => {
	const binary = { a: { data: '', mimeType: 'image/jpeg', fileName: 'a.jpg' } };
	const item: INodeExecutionData = { json: {}, binary, error: new Error('old') as never };
	const execution = { node: NODE, media: IMAGES, items: [item], isRouting: false } as never;
	const [output] = outputItems(execution, [planOf({ files: ['a'] })], [AI]);
	expect(output?.item).toEqual({ json: output?.item.json, binary, pairedItem: { item: 0 } });
	const bare = outputOf([{ files: ['a'], outcomes: [AI] }]);
	expect(bare[0]?.item).not.toHaveProperty('binary');
});
