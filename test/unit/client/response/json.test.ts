import { parseJson } from '../../../../client/response/json';

it.each<[string, unknown]>([
	['{"a": 1}', { a: 1 }],
	['null', null],
	['\ufeff[1]', [1]],
	['[NaN, -Infinity, Infinity, 1]', [null, null, null, 1]],
	['{"NaN": NaN}', { NaN: null }],
	['{"a": "NaN \\" Infinity", "b": NaN}', { a: 'NaN " Infinity', b: null }],
	['{"a": "x\\\\", "b": NaN}', { a: 'x\\', b: null }],
	['{"a": "two\nlines", "b": NaN}', undefined],
	['[NaNa]', undefined],
	['[1,]', undefined],
	['{"a": NaN, "b": "no end', undefined],
	['<html>', undefined],
	['', undefined],
])('%j holds %j', (text, value) => {
	expect(parseJson(text)).toEqual(value);
});

it('repairs NaN only in texts of a length that a response may have', () => {
	const padded = (length: number) => `[NaN${' '.repeat(length - 5)}]`;
	expect(parseJson(padded(256 * 1024))).toEqual([null]);
	expect(parseJson(padded(256 * 1024 + 1))).toBeUndefined();
});
