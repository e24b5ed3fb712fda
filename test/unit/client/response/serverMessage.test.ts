import { looksLikeHtml, plainText, serverMessage } from '../../../../client/response/serverMessage';

const ofJson = (body: unknown) => serverMessage(JSON.stringify(body), 'application/json');

it.each([
	[{ detail: 'API key is required' }, 'API key is required'],
	[{ message: 'no' }, 'no'],
	[{ error: 'no' }, 'no'],
	[{ error: { message: 'no', code: 7 } }, 'no'],
	[{ error: { detail: { message: 'no' } } }, 'no'],
	[{ errors: ['unknown place'] }, undefined],
	[{ error: 'invalid_client', error_description: 'Wrong secret' }, 'Wrong secret'],
	[{ detail: [{ loc: ['body', 'images', 3], msg: 'too small' }] }, 'too small'],
	[{ detail: [{ msg: 'a' }, { msg: 'b' }] }, 'a; b'],
	[{ detail: ['a', 'b', 'c', 'd'] }, 'a; b; c'],
	[{ detail: [{ loc: ['x'] }, { msg: 'b' }] }, 'b'],
	[{ detail: '', message: 'second' }, 'second'],
	[{ detail: [], message: 'second' }, 'second'],
	[{ detail: 5, error: null, title: 'Bad Request' }, 'Bad Request'],
	['just words', 'just words'],
	[['a', { message: 'b' }], 'a; b'],
	[{}, undefined],
	[[], undefined],
	[null, undefined],
	[true, undefined],
	[12, undefined],
	[{ a: { b: 1 } }, undefined],
	[{ error: { error: { error: { error: { error: 'too deep' } } } } }, undefined],
])('finds the message in %j', (body, words) => {
	expect(ofJson(body)).toBe(words);
});

it.each([
	['plain text', 'plain text'],
	['', undefined],
	['   \r\n ', undefined],
	['upstream connect error', 'upstream connect error'],
])('uses plain text as it is: %j', (text, words) => {
	expect(serverMessage(text, 'text/plain')).toBe(words);
});

it.each([
	['<!DOCTYPE html><p>Sorry', 'text/plain'],
	['  \n<html lang="en">', ''],
	['<HEAD>', 'application/json'],
	['\ufeff<body>', ''],
	['anything', 'text/html; charset=utf-8'],
	['anything', 'application/xhtml; profile=html'],
])('shows no text of a web page: %j %s', (text, contentType) => {
	expect(looksLikeHtml(text, contentType)).toBe(true);
	expect(serverMessage(text, contentType)).toBeUndefined();
});

it.each([
	['a\u001b[31mb\u001b[0mc', 'abc'],
	['a\u001b[2J\u001b[1;1Hb', 'ab'],
	['a\u001b]0;owned\u0007b', 'ab'],
	['a\u001b]8;;http://evil\u001b\\link', 'alink'],
	['a\u001b]0;never ending', 'a'],
	['a\u009b31mb', 'a 31mb'],
	['a\u001bcb', 'a cb'],
	['a\r\nb\tc', 'a b c'],
	['a\0b\u0007c\u007fd', 'a b c d'],
	['a\u202eb\u2066c\u200fd', 'a b c d'],
	['a\u2028b\u2029c', 'a b c'],
	['a\ud800b', 'a b'],
	['<b>bold</b> <script>alert(1)</script>', 'bold alert(1)'],
	['a <img src=x onerror=', 'a'],
	['2 < 3', '2'],
	['  much   space  ', 'much space'],
	['\u001b[31m\u0000', undefined],
	['{{7*7}} ${x} %s', '{{7*7}} ${x} %s'],
])('turns %j into one line of plain text', (text, words) => {
	expect(plainText(text)).toBe(words);
});

it.each([
	['x'.repeat(300), 'x'.repeat(300)],
	['x'.repeat(301), `${'x'.repeat(300)}…`],
	['😀'.repeat(300), '😀'.repeat(300)],
	['😀'.repeat(301), `${'😀'.repeat(300)}…`],
	['Ж'.repeat(5_000), `${'Ж'.repeat(300)}…`],
])('cuts a message after 300 characters, and marks it only then', (text, words) => {
	expect(plainText(text)).toBe(words);
});

it.each([
	['markup', '<'],
	['open markup', '<a '],
	['escapes', '\u001b['],
	['operating system commands', '\u001b]'],
	['control characters', '\u0000'],
	['line breaks', '\r\n'],
	['JSON brackets', '['],
	['words', 'word '],
])('makes one short line of 5 MB of %s', (_, piece) => {
	const text = piece.repeat(5_000_000 / piece.length);
	const words = serverMessage(text, 'text/plain') ?? '';
	expect(Array.from(words).length).toBeLessThanOrEqual(301);
});

it('copes with deeply nested JSON', () => {
	const deep = '['.repeat(5_000) + ']'.repeat(5_000);
	expect(serverMessage(deep, 'application/json')).toBeUndefined();
	const wide = JSON.stringify({ detail: Array.from({ length: 100_000 }, () => ({ msg: 'm' })) });
	expect(serverMessage(wide, 'application/json')).toBe('m; m; m');
});

it.each([
	['{"detail": "cut o', 'cut o…'],
	['{"detail":"whole","trace":"cut o', 'whole'],
	['{"error":{"code":7,"message":"a \\"quoted\\" word', 'a "quoted" word…'],
	['{"message":"\\u001b[31mred\\u001b[0m and', 'red and…'],
	['{"message":"half an escape\\u00', 'half an escape…'],
	['[{"msg":"first"},{"msg":"sec', 'first'],
	['{"trace":"nothing telling', '{"trace":"nothing telling'],
])('bug: finds the message in a JSON text that breaks off: %j', (text, words) => {
	expect(serverMessage(text, 'application/json')).toBe(words);
});
