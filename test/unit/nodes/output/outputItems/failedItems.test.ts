import {
	AI,
	checked,
	EMPTY_FILE,
	expectItem,
	failed,
	MESSAGE,
	outputOf,
	REAL,
	REFUSED,
	type Case,
} from './scene';

test.each<Case>([
	[
		'two files, one of which the server refuses',
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
		'a refusal that is reused',
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
		"a file that can't be sent",
		{ refused: ['a'], problem: EMPTY_FILE },
		'review',
		{
			error: MESSAGE,
			bitMind: { errorCode: 'emptyFile', files: [failed('a', 'emptyFile')] },
		},
	],
	[
		"a file that can't be sent, next to one with a verdict",
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
		'an item without any file',
		{ json: { id: 7 }, problem: { kind: 'noFile', available: [] } },
		'review',
		{ id: 7, error: MESSAGE, bitMind: { errorCode: 'noFile' } },
	],
	[
		'a failed item without its input fields',
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
		'the same with an error output, where n8n adds them again',
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
])('%s', expectItem);

test("n8n doesn't mistake a checked item for a failed one, whatever its output field is called", () => {
	const given = { files: ['a'], outcomes: [AI], settings: { outputField: 'details' } };
	const json = { error: 'a column of a table' };
	const [same] = outputOf([{ ...given, json, node: { hasErrorOutput: false } }]);
	expect(Object.keys(same?.item.json ?? {})).toEqual(['details', 'error']);
	const [marked] = outputOf([{ ...given, json, node: { hasErrorOutput: true } }]);
	expect(Object.keys(marked?.item.json ?? {})).toEqual(['details', 'error', 'bitMind']);
});
