import { good, read, readText, shapes } from './reading';

it.each([
	'',
	'{"batch_results": [{"isAI": tr',
	'<html>',
	'null',
	'[]',
	'"text"',
	'{}',
	'{"batch_results": null}',
	'{"batch_results": {"0": {}}}',
	'{"results": []}',
	'{"isAI": true, "confidence": 0.9}',
])("can't read %s", (text) => {
	expect(readText(text, { fileCount: 2 })).toEqual({ kind: 'unreadable' });
});

it.each([
	['a number', { request_id: 42 }, '42'],
	['null', { request_id: null }, undefined],
	['an object', { request_id: { id: 1 } }, undefined],
	['none', {}, undefined],
	['control characters and tags', { request_id: '\u001b[31mred\u0000<b>' }, 'red'],
	['a very long text', { request_id: 'x'.repeat(1_000_000) }, `${'x'.repeat(300)}…`],
])('reads a usable request ID: %s', (_, more, requestId) => {
	expect(read([good(0)], 1, more)).toMatchObject({ requestId });
});

it('bug: rejects a million entries for 50 files without blocking the process', () => {
	const text = `{"batch_results":[${'{},'.repeat(1_000_000)}{}]}`;
	expect(readText(text, { fileCount: 50 })).toEqual({ kind: 'unreadable' });
	expect(shapes(read([...Array(40).fill({}), good(0)], 1))).toEqual(['verdict']);
});

it('bug: NaN makes only its own entry unusable', () => {
	const text = JSON.stringify({ batch_results: [good(0), good(1, { confidence: 'NaN' })] });
	const response = readText(text.replace('"NaN"', 'NaN'), { fileCount: 2 });
	expect(shapes(response)).toEqual(['verdict', 'incomplete']);
	expect(shapes(readText(`\ufeff${text.replace('"NaN"', '0.5')}`, { fileCount: 2 }))).toEqual([
		'verdict',
		'verdict',
	]);
});

it('bug: masks secrets in the request ID, and keeps the message of an unreadable response', () => {
	const redact = (words: string) => words.replaceAll('KEY', '***');
	const text = JSON.stringify({ batch_results: [good(0)], request_id: 'Bearer KEY' });
	expect(readText(text, { redact })).toMatchObject({ requestId: 'Bearer ***' });
	expect(readText('{"error": "KEY over quota"}', { redact })).toEqual({
		kind: 'unreadable',
		serverMessage: '*** over quota',
	});
});

it('bug: reads a text full of quotes in linear time', () => {
	for (const end of ['', '\\']) {
		const text = `{"a": NaN, "b": "${'\\"'.repeat(120_000)}${end}`;
		expect(readText(text, { fileCount: 1 }).kind).toBe('unreadable');
	}
});

it('bug: treats an error next to empty results as the message of the whole response', () => {
	const response = read([], 2, { error: 'model is loading' });
	expect(response).toMatchObject({ usable: 0, serverMessage: 'model is loading' });
	expect(read([good(0)], 1, { message: 'done' })).toMatchObject({ usable: 1 });
	expect(read([good(0)], 1, { message: 'done' })).toHaveProperty('serverMessage', undefined);
});
