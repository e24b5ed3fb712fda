import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { heldFiles, readBinaryFields } from '../../../../nodes/shared/input/binaryFields';
import {
	InputProblemError,
	type InputProblem,
} from '../../../../nodes/shared/settings/inputProblem';
import type { InputItem } from '../../../../nodes/shared/settings/execution';

/** A file that n8n has stored; its name is that of its field unless said otherwise. */
const stored = (id: string, more: Partial<IBinaryData> = {}): IBinaryData => ({
	id,
	data: 'filesystem-v2',
	mimeType: 'image/jpeg',
	fileName: `${id}.jpg`,
	fileSize: '3 kB',
	...more,
});
/** One whose content is in the item. */
const inline = (name: string, data: string): IBinaryData => ({
	data,
	mimeType: 'image/jpeg',
	fileName: name,
	fileSize: '3 kB',
});
/** The same as an expression gives it: without the content. */
const described = ({ fileName, mimeType, fileSize }: IBinaryData) => ({
	fileName,
	mimeType,
	fileSize,
});

interface Given {
	wanted: unknown;
	binary?: Record<string, IBinaryData>;
	json?: IDataObject;
	/** The workflow keeps files in json. */
	isCombined?: boolean;
	/** What n8n finds by a path into json. */
	byPath?: Record<string, IBinaryData>;
	isLenient?: boolean;
}

function itemOf({ wanted, binary, json = {}, isCombined, byPath = {} }: Given): InputItem {
	const assertBinaryData = (item: number, path: string) => {
		if (item !== 3 || !byPath[path]) throw new Error(`no file at ${path}`);
		return byPath[path];
	};
	const execution = {
		context: {
			getWorkflowSettings: () => ({ binaryMode: isCombined ? 'combined' : undefined }),
			helpers: { assertBinaryData },
		},
		parameters: {
			read: (name: string) => (name === 'binaryPropertyName' ? wanted : `no ${name}`),
		},
	};
	const item = { json, ...(binary && { binary }) };
	return { execution, item, index: 3 } as unknown as InputItem;
}

/** The names and contents of the fields that are found, and what is lacking. */
function found(given: Given): [Record<string, string>, InputProblem | undefined] {
	try {
		const { fields, problem } = readBinaryFields(itemOf(given), given.isLenient ?? false);
		const entries = fields.map(({ field, data }) => [field, data.id ?? data.data] as const);
		return [Object.fromEntries(entries), problem];
	} catch (error) {
		if (!(error instanceof InputProblemError)) throw error;
		return [{}, error.problem];
	}
}

const A = stored('a');
const B = stored('b');
const THREE = { a: A, b: B, 'c, d': stored('cd') };
const AVAILABLE = ['a', 'b', 'c, d'];

describe('names', () => {
	it.each<[string, string, Record<string, string>]>([
		['one', 'a', { a: 'a' }],
		['several, in their order', 'b, a', { b: 'b', a: 'a' }],
		['one twice', 'a,a', { a: 'a' }],
		['with blanks and empty places', ' a ,, b ,', { a: 'a', b: 'b' }],
		['with a comma in it', 'c, d', { 'c, d': 'cd' }],
		['any', '*', { a: 'a', b: 'b', 'c, d': 'cd' }],
		['those with a letter', '*d', { 'c, d': 'cd' }],
		['those with letters in order', 'c*d', { 'c, d': 'cd' }],
	])('%s', (_, wanted, fields) => {
		expect(found({ wanted, binary: THREE })).toEqual([fields, undefined]);
	});

	it.each<[string, string, InputProblem]>([
		['a field that is not there', 'x', { kind: 'noField', field: 'x', available: AVAILABLE }],
		[
			'the first of several that are not there',
			'a,x,y',
			{ kind: 'noField', field: 'x', available: AVAILABLE },
		],
		['a pattern without a match', 'x*', { kind: 'noMatch', pattern: 'x*', available: AVAILABLE }],
		[
			'a pattern of which letters mean nothing else',
			'.*',
			{ kind: 'noMatch', pattern: '.*', available: AVAILABLE },
		],
	])('%s', (_, wanted, problem) => {
		expect(found({ wanted, binary: THREE })[1]).toEqual(problem);
		expect(found({ wanted, binary: THREE, isLenient: true })[1]).toBeUndefined();
	});

	it('still gives the files that are there', () => {
		expect(found({ wanted: 'x,a', binary: THREE })[0]).toEqual({ a: 'a' });
	});

	it.each(['', ' ', ' , '])('%j is no name', (wanted) => {
		const rule = 'the name of a binary field';
		const problem = { kind: 'badParameter', label: 'Input Binary Field', rule, value: wanted };
		expect(found({ wanted, binary: THREE })[1]).toEqual(problem);
	});

	it('takes a pattern for any characters, line breaks among them', () => {
		expect(found({ wanted: 'a*c', binary: { 'a\nb\nc': A } })[0]).toEqual({ 'a\nb\nc': 'a' });
	});

	it('prefers the name that has the same blanks', () => {
		const binary = { b: A, 'b ': B };
		expect(found({ wanted: ' b ', binary })[0]).toEqual({ 'b ': 'b' });
		expect(found({ wanted: 'b', binary })[0]).toEqual({ b: 'a' });
	});

	it('finds a name with blanks around it, as long as only one is meant', () => {
		expect(found({ wanted: 'a', binary: { 'a ': A } })[0]).toEqual({ 'a ': 'a' });
		expect(found({ wanted: 'b, a', binary: { b: B, ' a': A } })[0]).toEqual({ b: 'b', ' a': 'a' });
		expect(found({ wanted: 'b, a', binary: { b: B, 'a ': A } })[0]).toEqual({ b: 'b', 'a ': 'a' });
		const two = { 'a ': A, ' a': B };
		expect(found({ wanted: 'a', binary: two })[1]).toMatchObject({ kind: 'noField' });
		expect(found({ wanted: ' a', binary: two })[0]).toEqual({ ' a': 'b' });
	});
});

describe('nothing', () => {
	it.each([undefined, null, [], [null], {}, { a: null }])('%j is no file', (wanted) => {
		expect(found({ wanted, binary: THREE })).toEqual([
			{},
			expect.objectContaining({ kind: expect.stringMatching(/^no/) as string }),
		]);
	});

	it('beside a file is lacking, unless it may be', () => {
		const given = { wanted: [null, 'a'], binary: THREE };
		const problem = { kind: 'noFile', available: AVAILABLE };
		expect(found(given)).toEqual([{ a: 'a' }, problem]);
		expect(found({ ...given, isLenient: true })).toEqual([{ a: 'a' }, undefined]);
	});
});

describe('objects of an expression', () => {
	it('lead to the item’s own field by their id', () => {
		expect(found({ wanted: B, binary: THREE })[0]).toEqual({ b: 'b' });
		expect(found({ wanted: [B, A], binary: THREE })[0]).toEqual({ b: 'b', a: 'a' });
		expect(found({ wanted: { ...A, more: {} }, binary: THREE })[0]).toEqual({ a: 'a' });
		const fileName = 'same.jpg';
		const binary = { one: stored('1', { fileName }), two: stored('2', { fileName }) };
		expect(found({ wanted: binary.two, binary })[0]).toEqual({ two: '2' });
	});

	it('all of an item', () => {
		expect(found({ wanted: THREE, binary: THREE })[0]).toEqual({ a: 'a', b: 'b', 'c, d': 'cd' });
		for (const other of [{ a: stored('other') }, { x: stored('other') }]) {
			expect(found({ wanted: other, binary: THREE })[0]).toEqual({ 'other.jpg': 'other' });
		}
	});

	it('may be those of another node, each with its own name', () => {
		const wanted = [stored('x'), stored('y', { fileName: 'x.jpg' }), stored('x')];
		const fields = { 'x.jpg': 'x', 'x.jpg (2)': 'y' };
		expect(found({ wanted, binary: THREE })).toEqual([fields, undefined]);
		expect(found({ wanted: stored('z', { fileName: undefined }) })[0]).toEqual({ '': 'z' });
	});

	it('with content of their own are told apart by it', () => {
		const wanted = ['AAA', 'BBB', 'AAA', 'CCC'].map((data) => inline('x', data));
		expect(found({ wanted })[0]).toEqual({ x: 'AAA', 'x (2)': 'BBB', 'x (3)': 'CCC' });
		const binary = { one: inline('x', 'AAA'), two: inline('x', 'BBB') };
		expect(found({ wanted: inline('x', 'BBB'), binary })[0]).toEqual({ two: 'BBB' });
	});

	it('without content lead to the field that they describe', () => {
		const binary = { one: inline('x', 'AAA'), two: inline('y', 'BBB') };
		expect(found({ wanted: described(binary.two), binary })[0]).toEqual({ two: 'BBB' });
	});

	it.each<[string, object, string]>([
		['two fields look alike', described(inline('x', '')), 'x'],
		['no field looks like it', { fileName: 'z', mimeType: 'image/png' }, 'z'],
		['it says nothing of itself', { fileName: 7 }, ''],
	])('without content lead nowhere if %s', (_, wanted, field) => {
		const binary = { one: inline('x', 'AAA'), two: inline('x', 'BBB') };
		const problem = { kind: 'noContent', field, available: ['one', 'two'] };
		expect(found({ wanted, binary })).toEqual([{}, problem]);
		expect(found({ wanted, binary, isLenient: true })[1]).toEqual(problem);
	});

	it.each(['fileName', 'mimeType', 'fileSize'])(
		'without content lead nowhere if the only file has another %s',
		(name) => {
			const binary = { one: inline('x', 'AAA') };
			const wanted = { ...described(binary.one), [name]: 'another' };
			expect(found({ wanted, binary })[1]).toMatchObject({ kind: 'noContent' });
		},
	);

	it('that say nothing lead nowhere, even if the only file says nothing of itself, either', () => {
		const binary = { one: { data: 'AAA' } as IBinaryData };
		expect(found({ wanted: { fileName: 7 }, binary })[1]).toMatchObject({ kind: 'noContent' });
	});

	it('with bytes are files, too', () => {
		const { fields } = readBinaryFields(itemOf({ wanted: Buffer.from('abc') }), false);
		expect(fields).toMatchObject([{ field: '' }]);
	});

	it('of a file that is stored elsewhere keep its name', () => {
		const wanted = { id: 'n', ...described(stored('n')) };
		expect(found({ wanted, binary: { one: inline('n.jpg', 'AAA') } })[0]).toEqual({ 'n.jpg': 'n' });
	});
});

describe('uploads of a form', () => {
	const upload = { filename: 'me.jpg', mimetype: 'image/jpeg', size: 3 };
	const json = { 'My photo': [upload] };
	const binary = { My_photo_0: stored('up', { fileName: 'me.jpg', bytes: 3 }), a: A };

	it('are found by the label of their field', () => {
		expect(found({ wanted: 'My photo', json, binary })[0]).toEqual({ My_photo_0: 'up' });
	});

	it('are found by what the form says of them', () => {
		for (const wanted of [upload, [upload]]) {
			expect(found({ wanted, json, binary })[0]).toEqual({ My_photo_0: 'up' });
		}
	});

	it('may stand beside other files', () => {
		const fields = { My_photo_0: 'up', a: 'a' };
		expect(found({ wanted: [upload, A], json, binary })[0]).toEqual(fields);
	});

	it('lead nowhere if the file is gone', () => {
		const problem = { kind: 'noContent', field: 'me.jpg', available: ['a'] };
		expect(found({ wanted: upload, json: {}, binary: { a: A } })[1]).toEqual(problem);
	});
});

describe('in a workflow that keeps files in json', () => {
	const json = { _files: { a: A, b: B }, pictures: [stored('p'), stored('q')], cv: stored('cv') };
	const given = { json, isCombined: true };

	it.each<[string, Record<string, string>]>([
		['a', { a: 'a' }],
		['_files.a', { a: 'a' }],
		['_files.*', { a: 'a', b: 'b', 'pictures[0]': 'p', 'pictures[1]': 'q', cv: 'cv' }],
		['cv', { cv: 'cv' }],
		['pictures', { 'pictures[0]': 'p', 'pictures[1]': 'q' }],
		['pictures[1]', { 'pictures[1]': 'q' }],
	])('%s', (wanted, fields) => {
		expect(found({ ...given, wanted })).toEqual([fields, undefined]);
	});

	it('gives a whole list, however long', () => {
		const many = Array.from({ length: 11 }, (_, index) => stored(`p${index}`));
		const lists = { many, 'x[1]y': [A] };
		const [fields] = found({ wanted: 'many', json: lists, isCombined: true });
		expect(Object.keys(fields)).toHaveLength(11);
		expect(found({ wanted: 'xy[0]', json: lists, isCombined: true })[0]).toEqual({});
	});

	it('takes a path to a file, as n8n does', () => {
		const byPath = { 'deep.file': stored('deep') };
		expect(found({ ...given, wanted: 'deep.file', byPath })[0]).toEqual({ 'deep.file': 'deep' });
		const lacking = found({ ...given, wanted: 'deep.other', byPath });
		expect(lacking[1]).toMatchObject({ kind: 'noField', field: 'deep.other' });
	});

	it('and in any other workflow json is data that anybody may have sent', () => {
		const byPath = { cv: stored('cv') };
		const plain = { json, byPath, binary: { a: A } };
		for (const wanted of ['cv', 'pictures']) {
			expect(found({ ...plain, wanted })[1]).toMatchObject({ kind: 'noField', field: wanted });
		}
	});
});

it('knows the names of all files that an item holds', () => {
	const binary = { a: A, nameless: stored('x', { fileName: undefined }) };
	expect([...heldFiles(itemOf({ wanted: '', binary }))]).toEqual([
		['a', 'a.jpg'],
		['nameless', ''],
	]);
});
