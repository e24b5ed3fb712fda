import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { JPEG } from '../../../../client/files/fileType';
import { IMAGES } from '../../../../client/model/mediaKind';
import type { Outcome, Verdict } from '../../../../client/model/outcome';
import type { ItemPlan } from '../../../../nodes/shared/input/itemPlans';
import { outputItems } from '../../../../nodes/shared/output/outputItems';
import { DEFAULT_BANDS } from '../../../../nodes/shared/settings/bands';
import type { Execution } from '../../../../nodes/shared/settings/execution';
import type { InputProblem } from '../../../../nodes/shared/settings/inputProblem';
import {
	DEFAULT_ITEM_SETTINGS,
	type ItemSettings,
} from '../../../../nodes/shared/settings/itemSettings';
import { node } from '../../../support/engine/workflows';

const NODE = node('n8n-nodes-bitmind.batchImageDetect', 'Batch Image Detect');

const nameOf = (field: string) => `${field}.jpg`;

/** What an item brings, and what was planned for it. */
interface Given {
	json?: IDataObject;
	/** Fields with files that are sent. */
	files?: readonly string[];
	/** Fields with files that can't be sent. */
	refused?: readonly string[];
	skipped?: readonly string[];
	/** Further fields with files. */
	others?: readonly string[];
	/** Fields of files that another node has given. */
	elsewhere?: readonly string[];
	problem?: InputProblem;
	outcomes?: readonly Outcome[];
	settings?: Partial<ItemSettings>;
	/** How the node is set up. */
	node?: Partial<Pick<Execution, 'hasErrorOutput' | 'isForAgent' | 'isRouting'>>;
}

const sourceOf = (name: string) => ({
	name,
	format: JPEG,
	size: 3,
	open: async () => {
		throw new Error('nothing is read here');
	},
});

function planOf(given: Given): ItemPlan {
	const { files = [], refused = [], skipped = [], others = [], elsewhere = [], problem } = given;
	const own = [...files, ...refused, ...skipped, ...others];
	const held = own.filter((field) => !elsewhere.includes(field));
	const named = (field: string) => ({ field, fileName: nameOf(field) });
	return {
		settings: { ...DEFAULT_ITEM_SETTINGS, ...given.settings },
		files: files.map((field) => ({ ...named(field), source: sourceOf(nameOf(field)) })),
		refused: refused.map((field) => ({
			...named(field),
			problem: { kind: 'empty', ...named(field) },
		})),
		skipped,
		held: new Map(held.map((field) => [field, nameOf(field)])),
		...(problem && { problem }),
	};
}

function outputOf(items: readonly Given[]) {
	const input = items.map(({ json = {} }): INodeExecutionData => ({ json }));
	const execution = {
		node: NODE,
		media: IMAGES,
		items: input,
		continues: true,
		isRouting: true,
		isForAgent: false,
		hasErrorOutput: false,
		...items[0]?.node,
	} as unknown as Execution;
	const outcomes = items.flatMap((item) => item.outcomes ?? []);
	return outputItems(execution, items.map(planOf), outcomes);
}

const verdictOf = (confidence: number): Verdict => ({
	isAI: confidence >= 0.5,
	confidence,
	processingTime: 0.04,
	requestId: 'id-1',
	batchPosition: 2,
});
const AI: Outcome = { verdict: verdictOf(0.9) };
const UNSURE: Outcome = { verdict: verdictOf(0.5) };
const REAL: Outcome = { verdict: verdictOf(0.1) };
const REUSED: Outcome = { verdict: verdictOf(0.1), reused: true };
const REFUSED: Outcome = {
	failure: { kind: 'fileRefused', status: 400, serverMessage: 'no', requestId: 'id-2' },
};

/** A checked file in the output. */
const checked = (field: string, confidence: number, more: object = {}) => ({
	field,
	fileName: nameOf(field),
	...verdictOf(confidence),
	...more,
});
/** What an earlier node has written of a file. */
const earlier = (field: string, confidence: number) => ({
	isAI: confidence >= 0.5,
	confidence,
	bitMind: { files: [{ field, fileName: nameOf(field), isAI: confidence >= 0.5, confidence }] },
});
const failed = (field: string, errorCode: string, more: object = {}) => ({
	field,
	fileName: nameOf(field),
	error: expect.any(String) as string,
	errorCode,
	...more,
});
/** What is known of any file. */
const FILE = { size: 3, mimeType: 'image/jpeg' };
const MESSAGE = expect.stringMatching(/^[^]+ \[item 0\]$/) as string;
const EMPTY_FILE: InputProblem = { kind: 'empty', field: 'a', fileName: 'a.jpg' };

const CASES: [string, Given, string, object][] = [
	[
		'a file with a verdict',
		{ json: { id: 7 }, files: ['a'], outcomes: [AI] },
		'ai',
		{ id: 7, isAI: true, confidence: 0.9, bitMind: { files: [checked('a', 0.9)] } },
	],
	[
		'a verdict in between',
		{ files: ['a'], outcomes: [UNSURE] },
		'review',
		{ isAI: true, confidence: 0.5, bitMind: { files: [checked('a', 0.5)] } },
	],
	[
		'a verdict that is wanted as a word, too',
		{ files: ['a'], outcomes: [REAL], settings: { bands: DEFAULT_BANDS } },
		'authentic',
		{
			isAI: false,
			confidence: 0.1,
			verdict: 'authentic',
			bitMind: { files: [checked('a', 0.1, { verdict: 'authentic' })] },
		},
	],
	[
		'a verdict that was known',
		{ files: ['a'], outcomes: [REUSED] },
		'authentic',
		{
			isAI: false,
			confidence: 0.1,
			bitMind: { files: [checked('a', 0.1, { reused: true })] },
		},
	],
	[
		'evidence of a verdict',
		{
			files: ['a'],
			outcomes: [{ verdict: { ...verdictOf(0.9), checkedAt: 0 }, sha256: 'f00' }],
			settings: { evidence: true },
		},
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: {
				files: [
					checked('a', 0.9, { sha256: 'f00', ...FILE, checkedAt: '1970-01-01T00:00:00.000Z' }),
				],
			},
		},
	],
	[
		'evidence of a file that was not sent',
		{
			files: ['a'],
			outcomes: [{ failure: { kind: 'notSent' } }],
			settings: { evidence: true },
		},
		'review',
		{ error: MESSAGE, bitMind: { errorCode: 'notSent', files: [failed('a', 'notSent', FILE)] } },
	],
	[
		'a file of another node',
		{ files: ['a'], elsewhere: ['a'], outcomes: [AI] },
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: { files: [checked('a', 0.9, { elsewhere: true })] },
		},
	],
	[
		'two files: the worst',
		{ files: ['a', 'b'], outcomes: [REAL, AI] },
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: { files: [checked('a', 0.1), checked('b', 0.9)] },
		},
	],
	[
		'two files of which one is refused by the server',
		{ json: { isAI: true }, files: ['a', 'b'], outcomes: [REAL, REFUSED] },
		'review',
		{
			error: MESSAGE,
			bitMind: {
				errorCode: 'fileRefused',
				files: [checked('a', 0.1), failed('b', 'fileRefused', { requestId: 'id-2' })],
			},
		},
	],
	[
		'a refused file that is known',
		{ files: ['a'], outcomes: [{ ...REFUSED, reused: true }] },
		'review',
		{
			error: MESSAGE,
			bitMind: {
				errorCode: 'fileRefused',
				files: [failed('a', 'fileRefused', { requestId: 'id-2', reused: true })],
			},
		},
	],
	[
		'a file that can’t be sent',
		{ refused: ['a'], problem: EMPTY_FILE },
		'review',
		{
			error: MESSAGE,
			bitMind: { errorCode: 'emptyFile', files: [failed('a', 'emptyFile')] },
		},
	],
	[
		'a file that can’t be sent, beside one with a verdict',
		{ files: ['b'], refused: ['a'], problem: EMPTY_FILE, outcomes: [REAL] },
		'review',
		{
			error: MESSAGE,
			bitMind: {
				errorCode: 'emptyFile',
				files: [checked('b', 0.1), failed('a', 'emptyFile')],
			},
		},
	],
	[
		'no file at all',
		{ json: { id: 7 }, problem: { kind: 'noFile', available: [] } },
		'review',
		{ id: 7, error: MESSAGE, bitMind: { errorCode: 'noFile' } },
	],
	[
		'an item without a file that passes through',
		{ json: { id: 7 } },
		'review',
		{ id: 7, isAI: null, confidence: null },
	],
	[
		'the same, if it may pass for authentic',
		{ json: { id: 7 }, settings: { uncheckedRoute: 'authentic' } },
		'authentic',
		{ id: 7, isAI: null, confidence: null },
	],
	[
		'the same, if the name of the field is mistaken',
		{ json: { id: 7 }, others: ['x'], settings: { uncheckedRoute: 'authentic' } },
		'review',
		{ id: 7, isAI: null, confidence: null },
	],
	[
		'an item that an earlier node has checked: it stays as it is',
		{ json: earlier('a', 0.9), others: ['a'] },
		'ai',
		earlier('a', 0.9),
	],
	[
		'an item of which an earlier node has checked another file',
		{ json: earlier('a', 0.9), files: ['b'], others: ['a'], outcomes: [REAL] },
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: {
				files: [{ field: 'a', fileName: 'a.jpg', isAI: true, confidence: 0.9 }, checked('b', 0.1)],
			},
		},
	],
	[
		'an item of which an earlier node has checked a file that is gone',
		{ json: earlier('gone', 0.9), files: ['b'], outcomes: [REAL] },
		'authentic',
		{ isAI: false, confidence: 0.1, bitMind: { files: [checked('b', 0.1)] } },
	],
	[
		'an item that an earlier node failed for',
		{
			json: { error: 'empty', bitMind: { errorCode: 'emptyFile', files: [] } },
			files: ['b'],
			outcomes: [REAL],
		},
		'review',
		{
			error: 'empty',
			isAI: false,
			confidence: 0.1,
			bitMind: { errorCode: 'emptyFile', files: [checked('b', 0.1)] },
		},
	],
	[
		'results under a name of their own',
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
		'an item without its own fields',
		{ json: { id: 7 }, files: ['a'], outcomes: [AI], settings: { includeInputFields: false } },
		'ai',
		{ isAI: true, confidence: 0.9, bitMind: { files: [checked('a', 0.9)] } },
	],
	[
		'an item that fails without its own fields',
		{ json: { id: 7 }, files: ['a'], outcomes: [REFUSED], settings: { includeInputFields: false } },
		'review',
		{
			error: MESSAGE,
			bitMind: {
				errorCode: 'fileRefused',
				files: [failed('a', 'fileRefused', { requestId: 'id-2' })],
			},
		},
	],
	[
		'the same with an error output, where n8n puts them back',
		{
			json: { id: 7 },
			files: ['a'],
			outcomes: [REFUSED],
			settings: { includeInputFields: false },
			node: { hasErrorOutput: true },
		},
		'review',
		{
			id: 7,
			error: MESSAGE,
			bitMind: {
				errorCode: 'fileRefused',
				files: [failed('a', 'fileRefused', { requestId: 'id-2' })],
			},
		},
	],
	[
		'an item that passes keeps its fields, whatever is wanted',
		{ json: { id: 7 }, settings: { includeInputFields: false } },
		'review',
		{ id: 7, isAI: null, confidence: null },
	],
];

it.each(CASES)('%s', (_, given, route, json) => {
	const [output] = outputOf([given]);
	expect(output?.route).toBe(route);
	expect(output?.item.json).toEqual(json);
	const hasFailed = given.problem !== undefined || given.outcomes?.some(({ failure }) => failure);
	expect(output?.error !== undefined).toBe(hasFailed ?? false);
	if (output?.error) expect(output.error.message).toBe(output.item.json.error);
});

it('adds its fields in the order in which people read them', () => {
	const [output] = outputOf([
		{ json: { id: 7 }, files: ['a'], outcomes: [AI], settings: { bands: DEFAULT_BANDS } },
	]);
	const names = ['isAI', 'confidence', 'verdict', 'bitMind', 'id'];
	expect(Object.keys(output?.item.json ?? {})).toEqual(names);
});

it('gives each item the outcomes of its own files, and its place', () => {
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

it('keeps an item’s files, and nothing else that was meant for this node alone', () => {
	const binary = { a: { data: '', mimeType: 'image/jpeg', fileName: 'a.jpg' } };
	const item: INodeExecutionData = { json: {}, binary, error: new Error('old') as never };
	const execution = { node: NODE, media: IMAGES, items: [item], isRouting: false } as never;
	const [output] = outputItems(execution, [planOf({ files: ['a'] })], [AI]);
	expect(output?.item).toEqual({ json: output?.item.json, binary, pairedItem: { item: 0 } });
	const bare = outputOf([{ files: ['a'], outcomes: [AI] }]);
	expect(bare[0]?.item).not.toHaveProperty('binary');
});

it('lets no item look failed to n8n that is not, by the name of its output field', () => {
	const given = { files: ['a'], outcomes: [AI], settings: { outputField: 'details' } };
	const json = { error: 'a column of a table' };
	const [same] = outputOf([{ ...given, json, node: { hasErrorOutput: false } }]);
	expect(Object.keys(same?.item.json ?? {})).toEqual(['details', 'error']);
	const [marked] = outputOf([{ ...given, json, node: { hasErrorOutput: true } }]);
	expect(Object.keys(marked?.item.json ?? {})).toEqual(['details', 'error', 'bitMind']);
});
