import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	readBatchResponse,
	type BatchResponse,
	type Entry,
	type ReadingRules,
} from '../../../../client/response/batchResponse';

const good = (position: unknown, more: object = {}) => ({
	isAI: true,
	confidence: 0.8234,
	processingTime: 0.043,
	batch_position: position,
	...more,
});

const readText = (text: string, rules: Partial<ReadingRules>) =>
	readBatchResponse(text, {
		fileCount: 1,
		countsFromOne: false,
		redact: (words) => words,
		...rules,
	});

const read = (results: unknown, fileCount = 3, more: object = { request_id: 'batch_img_1' }) =>
	readText(JSON.stringify({ batch_results: results, ...more }), { fileCount });

function entriesOf(response: BatchResponse): Entry[] {
	if (response.kind !== 'entries') throw new Error(response.kind);
	return response.entries;
}

const shapes = (response: BatchResponse) =>
	entriesOf(response).map((entry) => (entry.kind === 'unusable' ? entry.reason : entry.kind));

it('passes a verdict on as returned', () => {
	const [entry] = entriesOf(read([good(0), good(1), good(2)]));
	expect(entry).toEqual({
		kind: 'verdict',
		verdict: {
			isAI: true,
			confidence: 0.8234,
			processingTime: 0.043,
			requestId: 'batch_img_1',
			batchPosition: 0,
		},
	});
});

it('matches entries by batch_position, not by their order', () => {
	const results = [2, 0, 1].map((position) => good(position, { confidence: position / 10 }));
	const confidences = entriesOf(read(results)).map(
		(entry) => entry.kind === 'verdict' && entry.verdict.confidence,
	);
	expect(confidences).toEqual([0, 0.1, 0.2]);
});

it('keeps isAI even if it contradicts the confidence', () => {
	const [entry] = entriesOf(read([good(0, { isAI: false, confidence: 0.99 })], 1));
	expect(entry).toMatchObject({ verdict: { isAI: false, confidence: 0.99 } });
});

it.each([
	['an entry is missing', [good(0), good(2)], ['verdict', 'missing', 'verdict']],
	['none is there', [], ['missing', 'missing', 'missing']],
	['a position is out of range', [good(0), good(1), good(4)], ['verdict', 'verdict', 'missing']],
	['a position is negative', [good(0), good(1), good(-1)], ['verdict', 'verdict', 'missing']],
	['a position is a fraction', [good(0), good(1), good(1.5)], ['verdict', 'verdict', 'missing']],
	['a position is a text', [good(0), good(1), good('2')], ['verdict', 'verdict', 'missing']],
	['a position is null', [good(0), good(1), good(null)], ['verdict', 'verdict', 'missing']],
	['a position is huge', [good(0), good(1), good(1e300)], ['verdict', 'verdict', 'missing']],
	['an extra position follows', [0, 1, 2, 3].map((at) => good(at)), Array(3).fill('verdict')],
	[
		'two entries claim a position with different verdicts',
		[good(0), good(1), good(1, { isAI: false, confidence: 0.1 }), good(2)],
		['verdict', 'contradictory', 'verdict'],
	],
	[
		'three entries claim a position, one of them with another verdict',
		[good(0), good(1), good(1), good(1, { confidence: 0.1 }), good(2)],
		['verdict', 'contradictory', 'verdict'],
	],
	[
		'a verdict and an error claim a position',
		[good(0), good(1), { batch_position: 1, error: 'broken' }, good(2)],
		['verdict', 'contradictory', 'verdict'],
	],
	['entries are no objects', [null, 7, 'x', [], good(0)], ['verdict', 'missing', 'missing']],
])('makes only the entries concerned unusable if %s', (_, results, expected) => {
	expect(shapes(read(results))).toEqual(expected);
});

it.each([
	['without isAI', { isAI: undefined }],
	['with isAI as text', { isAI: 'true' }],
	['with isAI as number', { isAI: 1 }],
	['with isAI null', { isAI: null }],
	['without confidence', { confidence: undefined }],
	['with confidence as text', { confidence: '0.9' }],
	['with confidence null', { confidence: null }],
	['with confidence in percent', { confidence: 82 }],
	['with confidence below 0', { confidence: -0.1 }],
	['with confidence above 1', { confidence: 1.0001 }],
])('rejects a verdict %s', (_, change) => {
	expect(shapes(read([good(0, change)], 1))).toEqual(['incomplete']);
});

it.each([
	['an odd processing time', { processingTime: 'fast' }],
	['no processing time', { processingTime: undefined }],
	['no error', { error: null }],
	['an empty error', { error: '' }],
	['error: false', { error: false }],
	['a message beside it', { message: 'done' }],
	['a good status', { status: 'ok' }],
	['a good status that contains "err"', { status: 'inferred' }],
	['a good HTTP status', { status: 200 }],
	['fields of the future', { similarity: 0.4, detail: { model: 'x' } }],
])('accepts a verdict with %s', (_, change) => {
	expect(shapes(read([good(0, change)], 1))).toEqual(['verdict']);
});

it.each([
	[{ error: 'cannot decode' }, 'cannot decode'],
	[{ error: { message: 'cannot decode' } }, 'cannot decode'],
	[{ error: { code: 7 } }, 'no reason given'],
	[{ error: true }, 'no reason given'],
	[{ detail: 'too small' }, 'too small'],
	[{ detail: [{ loc: ['images', 0], msg: 'bad' }] }, 'bad'],
	[{ message: 'unsupported' }, 'unsupported'],
	[{ status: 'failed' }, 'status failed'],
	[{ status: 'error' }, 'status error'],
	[{ status: 422 }, 'status 422'],
	[{ status: 'error', message: 'broken file' }, 'broken file'],
])('treats %j in place of a verdict as a final refusal', (entry, serverMessage) => {
	expect(entriesOf(read([{ batch_position: 0, ...entry }], 1))[0]).toEqual({
		kind: 'refused',
		serverMessage,
	});
});

it.each([
	{ error: 'cannot decode' },
	{ status: 'error', message: 'cannot decode' },
	{ status: 'failed' },
	{ status: 500 },
])('rejects a verdict that is marked as failed: %j', (marks) => {
	const placeholder = good(0, { isAI: false, confidence: 0, ...marks });
	expect(shapes(read([placeholder], 1))).toEqual(['refused']);
});

it.each([{ status: 'ok' }, { status: 'inferred' }, { status: 200 }, {}])(
	'treats an entry without verdict and without error as unusable: %j',
	(entry) => {
		expect(shapes(read([{ batch_position: 0, ...entry }], 1))).toEqual(['incomplete']);
	},
);

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
])('reads nothing from %s', (text) => {
	expect(readText(text, { fileCount: 2 })).toEqual({ kind: 'unreadable' });
});

it.each([
	[{ request_id: 42 }, '42'],
	[{ request_id: null }, undefined],
	[{ request_id: { id: 1 } }, undefined],
	[{}, undefined],
	[{ request_id: '\u001b[31mred\u0000<b>' }, 'red'],
	[{ request_id: 'x'.repeat(1_000_000) }, `${'x'.repeat(300)}…`],
])('keeps a usable request id: %j'.slice(0, 40), (more, requestId) => {
	expect(read([good(0)], 1, more)).toMatchObject({ requestId });
});

it("doesn't take a prototype for an entry", () => {
	const text = '{"batch_results":[{"__proto__":{"isAI":true,"confidence":1},"batch_position":0}]}';
	expect(shapes(readText(text, { fileCount: 1 }))).toEqual(['incomplete']);
});

it('bug: a million entries for 50 files are rejected without blocking the process', () => {
	const text = `{"batch_results":[${'{},'.repeat(1_000_000)}{}]}`;
	expect(readText(text, { fileCount: 50 })).toEqual({ kind: 'unreadable' });
	expect(shapes(read([...Array(40).fill({}), good(0)], 1))).toEqual(['verdict']);
});

it.each([
	{ message: 'could not decode image' },
	{ detail: 'could not decode' },
	{ status: 'skipped' },
	{ status: 'timeout' },
	{ status: { code: 500 } },
	{ success: false },
	{ errors: ['decode'] },
])("bug: doesn't take a placeholder for a verdict: %j", (marks) => {
	const placeholder = good(0, { isAI: false, confidence: 0, ...marks });
	expect(shapes(read([placeholder], 1))).toEqual(['refused']);
});

it.each([
	{ error: [] },
	{ error: {} },
	{ error: 'none' },
	{ errors: [] },
	{ status: 'no_error' },
	{ status: 'processed' },
	{ success: true },
	{ message: 'checked' },
])('bug: accepts a verdict next to a message of success: %j', (marks) => {
	expect(shapes(read([good(0, marks)], 1))).toEqual(['verdict']);
});

it('bug: a NaN makes only its own entry unusable', () => {
	const text = JSON.stringify({ batch_results: [good(0), good(1, { confidence: 'NaN' })] });
	const response = readText(text.replace('"NaN"', 'NaN'), { fileCount: 2 });
	expect(shapes(response)).toEqual(['verdict', 'incomplete']);
	expect(shapes(readText(`\ufeff${text.replace('"NaN"', '0.5')}`, { fileCount: 2 }))).toEqual([
		'verdict',
		'verdict',
	]);
});

it('bug: masks secrets in the request ID, and keeps the message of an unusable response', () => {
	const redact = (words: string) => words.replaceAll('KEY', '***');
	const text = JSON.stringify({ batch_results: [good(0)], request_id: 'Bearer KEY' });
	expect(readText(text, { redact })).toMatchObject({ requestId: 'Bearer ***' });
	expect(readText('{"error": "KEY over quota"}', { redact })).toEqual({
		kind: 'unreadable',
		serverMessage: '*** over quota',
	});
});

it('bug: a text full of quotes takes linear time', () => {
	for (const end of ['', '\\']) {
		const text = `{"a": NaN, "b": "${'\\"'.repeat(120_000)}${end}`;
		expect(readText(text, { fileCount: 1 }).kind).toBe('unreadable');
	}
});

const CASES = JSON.parse(
	readFileSync(join(__dirname, '../../../fixtures/entries/entries.json'), 'utf8'),
) as { entry: Record<string, unknown>; expect: string }[];

it.each(CASES)('bug: $entry is $expect', ({ entry, expect: what }) => {
	const [found] = entriesOf(read([{ ...entry, batch_position: 0 }], 1));
	if (what.includes('refusal')) expect(found).toMatchObject({ kind: 'refused' });
	else if (what.includes('nothing is guessed')) expect(found).toMatchObject({ kind: 'unusable' });
	else {
		const confidence = Math.min(1, Math.max(0, entry.confidence as number));
		expect(found).toMatchObject({ verdict: { isAI: entry.isAI, confidence } });
	}
});

it.each([
	[{ error: 'n/a' }, 'verdict'],
	[{ error: 'No errors found' }, 'verdict'],
	[{ error: 0 }, 'verdict'],
	[{ error: 200 }, 'verdict'],
	[{ error: { code: 200, message: 'OK' } }, 'verdict'],
	[{ errors: ['', null, 'none'] }, 'verdict'],
	[{ error: 500 }, 'refused'],
	[{ error: { code: 'E_DECODE' } }, 'refused'],
	[{ errors: [null, { message: 'too small' }] }, 'refused'],
	[{ errors: { images: ['broken'] } }, 'refused'],
	[{ status: '500' }, 'refused'],
	[{ status: 'Failed' }, 'refused'],
	[{ status: 'failed_over' }, 'verdict'],
	[{ status: 399 }, 'verdict'],
	[{ status: 600 }, 'verdict'],
	[{ message: 'decoded without errors' }, 'verdict'],
	[{ detail: 'Model could not be loaded' }, 'verdict'],
])('bug: accepts a verdict next to %j: %s', (marks, expected) => {
	expect(shapes(read([good(0, marks)], 1))).toEqual([expected]);
});

it.each([
	[{ message: 'Could not decode' }, 'refused'],
	[{ detail: [{ msg: 'Unsupported image' }] }, 'refused'],
	[{ detail: 'invalid file' }, 'refused'],
	[{ message: 'real photo' }, 'verdict'],
	[{ message: 'no errors' }, 'verdict'],
])(
	'bug: a confidence of 0 is a placeholder only next to a message of failure: %j',
	(marks, expected) => {
		expect(shapes(read([good(0, { isAI: false, confidence: 0, ...marks })], 1))).toEqual([
			expected,
		]);
		expect(shapes(read([good(0, { isAI: false, confidence: 0.01, ...marks })], 1))).toEqual([
			'verdict',
		]);
	},
);

describe('positions that count from one', () => {
	const shifted = ['shifted', 'shifted', 'shifted'];

	it.each([
		['in order', [1, 2, 3]],
		['in any other order', [3, 1, 2]],
		['with one left out', [1, 3]],
		['with the last alone', [3]],
		['with one twice', [1, 2, 3, 3]],
	])('bug: are all rejected, %s', (_, positions) => {
		expect(shapes(read(positions.map((at) => good(at))))).toEqual(shifted);
	});

	it('are recognized in later responses, even if the last one is left out', () => {
		const text = JSON.stringify({ batch_results: [good(1), good(2)] });
		expect(shapes(readText(text, { fileCount: 3, countsFromOne: true }))).toEqual(shifted);
		expect(shapes(readText(text, { fileCount: 3 }))).toEqual(['missing', 'verdict', 'verdict']);
		const nothing = '{"batch_results":[]}';
		expect(shapes(readText(nothing, { fileCount: 1, countsFromOne: true }))).toEqual(['missing']);
		const whole = JSON.stringify({ batch_results: [good(0), good(1)] });
		expect(shapes(readText(whole, { fileCount: 2, countsFromOne: true }))).toEqual([
			'verdict',
			'verdict',
		]);
	});
});

it('bug: two equal entries for one position count as one', () => {
	expect(shapes(read([good(0), good(1), good(1), good(2)]))).toEqual(Array(3).fill('verdict'));
	const processed = good(1, { processingTime: 2 });
	expect(shapes(read([good(0), good(1), processed, good(2)]))).toEqual(Array(3).fill('verdict'));
	const refused = { batch_position: 1, error: 'broken' };
	expect(shapes(read([good(0), refused, refused, good(2)]))).toEqual([
		'verdict',
		'refused',
		'verdict',
	]);
});

it('bug: an error next to empty results becomes the message for the whole response', () => {
	const response = read([], 2, { error: 'model is loading' });
	expect(response).toMatchObject({ usable: 0, serverMessage: 'model is loading' });
	expect(read([good(0)], 1, { message: 'done' })).toMatchObject({ usable: 1 });
	expect(read([good(0)], 1, { message: 'done' })).toHaveProperty('serverMessage', undefined);
});
