import { namesOf } from '../../../../../nodes/shared/input/itemFiles';
import type { InputProblem } from '../../../../../nodes/shared/settings/inputProblem';
import { A, AVAILABLE, B, found, itemOf, stored, THREE } from './scene';

describe('fields by name', () => {
	it.each<[string, string, Record<string, string>]>([
		['one name', 'a', { a: 'a' }],
		['several, in this order', 'b, a', { b: 'b', a: 'a' }],
		['the same twice', 'a,a', { a: 'a' }],
		['with spaces and empty places', ' a ,, b ,', { a: 'a', b: 'b' }],
		['with a comma in it', 'c, d', { 'c, d': 'cd' }],
		['all fields', '*', { a: 'a', b: 'b', 'c, d': 'cd' }],
		['those that end in a letter', '*d', { 'c, d': 'cd' }],
		['those that begin and end in certain letters', 'c*d', { 'c, d': 'cd' }],
	])('%s', (_, wanted, fields) => {
		expect(found({ wanted, binary: THREE })).toEqual([fields, undefined]);
	});

	it.each<[string, string, InputProblem]>([
		["a field that doesn't exist", 'x', { kind: 'noField', field: 'x', available: AVAILABLE }],
		[
			"the first of several fields that don't exist",
			'a,x,y',
			{ kind: 'noField', field: 'x', available: AVAILABLE },
		],
		['a pattern without a match', 'x*', { kind: 'noMatch', pattern: 'x*', available: AVAILABLE }],
		[
			'a pattern with other special characters of regular expressions',
			'.*',
			{ kind: 'noMatch', pattern: '.*', available: AVAILABLE },
		],
	])('a problem: %s', (_, wanted, problem) => {
		expect(found({ wanted, binary: THREE })[1]).toEqual(problem);
		expect(found({ wanted, binary: THREE, isLenient: true })[1]).toBeUndefined();
	});

	it('a missing field leaves the other files', () => {
		expect(found({ wanted: 'x,a', binary: THREE })[0]).toEqual({ a: 'a' });
	});

	it.each(['', ' ', ' , '])("%j isn't a name", (wanted) => {
		const rule = 'the name of a binary field';
		const problem = { kind: 'badParameter', label: 'Input Binary Field', rule, value: wanted };
		expect(found({ wanted, binary: THREE })[1]).toEqual(problem);
	});

	it('an asterisk matches any characters, including line breaks', () => {
		expect(found({ wanted: 'a*c', binary: { 'a\nb\nc': A } })[0]).toEqual({ 'a\nb\nc': 'a' });
	});

	it('a name with the same spaces is preferred', () => {
		const binary = { b: A, 'b ': B };
		expect(found({ wanted: ' b ', binary })[0]).toEqual({ 'b ': 'b' });
		expect(found({ wanted: 'b', binary })[0]).toEqual({ b: 'a' });
	});

	it('a name with spaces around it is found if there is only one such name', () => {
		expect(found({ wanted: 'a', binary: { 'a ': A } })[0]).toEqual({ 'a ': 'a' });
		expect(found({ wanted: 'b, a', binary: { b: B, ' a': A } })[0]).toEqual({ b: 'b', ' a': 'a' });
		expect(found({ wanted: 'b, a', binary: { b: B, 'a ': A } })[0]).toEqual({ b: 'b', 'a ': 'a' });
		const two = { 'a ': A, ' a': B };
		expect(found({ wanted: 'a', binary: two })[1]).toMatchObject({ kind: 'noField' });
		expect(found({ wanted: ' a', binary: two })[0]).toEqual({ ' a': 'b' });
	});
});

it('lists the names of all files that an item holds', () => {
	const binary = { a: A, nameless: stored('x', { fileName: undefined }) };
	expect([...namesOf(itemOf({ wanted: '', binary }).files)]).toEqual([
		['a', 'a.jpg'],
		['nameless', ''],
	]);
});
