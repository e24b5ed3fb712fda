import type { IBinaryData } from 'n8n-workflow';
import { readBinaryFields } from '../../../../../nodes/shared/input/binaryFields';
import { A, AVAILABLE, B, described, found, inline, itemOf, stored, THREE } from './scene';

describe('nothing', () => {
	it.each([undefined, null, [], [null], {}, { a: null }])("%j isn't a file", (wanted) => {
		expect(found({ wanted, binary: THREE })).toEqual([
			{},
			expect.objectContaining({ kind: expect.stringMatching(/^no/) as string }),
		]);
	});

	it('nothing next to a file is a problem, unless files may be missing', () => {
		const given = { wanted: [null, 'a'], binary: THREE };
		const problem = { kind: 'noFile', available: AVAILABLE };
		expect(found(given)).toEqual([{ a: 'a' }, problem]);
		expect(found({ ...given, isLenient: true })).toEqual([{ a: 'a' }, undefined]);
	});
});

describe('objects of an expression', () => {
	it("lead to the item's own field by their ID", () => {
		expect(found({ wanted: B, binary: THREE })[0]).toEqual({ b: 'b' });
		expect(found({ wanted: [B, A], binary: THREE })[0]).toEqual({ b: 'b', a: 'a' });
		expect(found({ wanted: { ...A, more: {} }, binary: THREE })[0]).toEqual({ a: 'a' });
		const fileName = 'same.jpg';
		const binary = { one: stored('1', { fileName }), two: stored('2', { fileName }) };
		expect(found({ wanted: binary.two, binary })[0]).toEqual({ two: '2' });
	});

	it("may be all of the item's", () => {
		expect(found({ wanted: THREE, binary: THREE })[0]).toEqual({ a: 'a', b: 'b', 'c, d': 'cd' });
		for (const other of [{ a: stored('other') }, { x: stored('other') }]) {
			expect(found({ wanted: other, binary: THREE })[0]).toEqual({ 'other.jpg': 'other' });
		}
	});

	it('may come from another node, each with its own name', () => {
		const wanted = [stored('x'), stored('y', { fileName: 'x.jpg' }), stored('x')];
		const fields = { 'x.jpg': 'x', 'x.jpg (2)': 'y' };
		expect(found({ wanted, binary: THREE })).toEqual([fields, undefined]);
		expect(found({ wanted: stored('z', { fileName: undefined }) })[0]).toEqual({ '': 'z' });
	});

	it('with inline content are distinguished by it', () => {
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
		['it describes nothing', { fileName: 7 }, ''],
	])('without content lead to no file if %s', (_, wanted, field) => {
		const binary = { one: inline('x', 'AAA'), two: inline('x', 'BBB') };
		const problem = { kind: 'noContent', field, available: ['one', 'two'] };
		expect(found({ wanted, binary })).toEqual([{}, problem]);
		expect(found({ wanted, binary, isLenient: true })[1]).toEqual(problem);
	});

	it.each(['fileName', 'mimeType', 'fileSize'])(
		'without content lead to no file if the only file has another %s',
		(name) => {
			const binary = { one: inline('x', 'AAA') };
			const wanted = { ...described(binary.one), [name]: 'another' };
			expect(found({ wanted, binary })[1]).toMatchObject({ kind: 'noContent' });
		},
	);

	it('that describe nothing lead to no file, even if nothing describes the only file either', () => {
		const binary = { one: { data: 'AAA' } as IBinaryData };
		expect(found({ wanted: { fileName: 7 }, binary })[1]).toMatchObject({ kind: 'noContent' });
	});

	it('may be plain bytes', () => {
		const { fields } = readBinaryFields(itemOf({ wanted: Buffer.from('abc') }), false);
		expect(fields).toMatchObject([{ field: '' }]);
	});

	it('keep their name if another item holds the file', () => {
		const wanted = { id: 'n', ...described(stored('n')) };
		expect(found({ wanted, binary: { one: inline('n.jpg', 'AAA') } })[0]).toEqual({ 'n.jpg': 'n' });
	});
});
