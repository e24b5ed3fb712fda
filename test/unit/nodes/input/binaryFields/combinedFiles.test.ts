import { A, B, found, stored } from './scene';

describe('in a workflow with combined binary data', () => {
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

	it('a list gives all of its files, no matter how long it is', () => {
		const many = Array.from({ length: 11 }, (_, index) => stored(`p${index}`));
		const lists = { many, 'x[1]y': [A] };
		const [fields] = found({ wanted: 'many', json: lists, isCombined: true });
		expect(Object.keys(fields)).toHaveLength(11);
		expect(found({ wanted: 'xy[0]', json: lists, isCombined: true })[0]).toEqual({});
	});

	it('a path may lead to a file, as in n8n', () => {
		const byPath = { 'deep.file': stored('deep') };
		expect(found({ ...given, wanted: 'deep.file', byPath })[0]).toEqual({ 'deep.file': 'deep' });
		const lacking = found({ ...given, wanted: 'deep.other', byPath });
		expect(lacking[1]).toMatchObject({ kind: 'noField', field: 'deep.other' });
	});

	it('JSON leads to no file in any other workflow, because anyone may have sent it', () => {
		const byPath = { cv: stored('cv') };
		const plain = { json, byPath, binary: { a: A } };
		for (const wanted of ['cv', 'pictures']) {
			expect(found({ ...plain, wanted })[1]).toMatchObject({ kind: 'noField', field: wanted });
		}
	});
});
