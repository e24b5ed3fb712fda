import {
	readBatchAnswer,
	type BatchAnswer,
	type Entry,
} from '../../../../client/response/batchResponse';

const good = (position: unknown, more: object = {}) => ({
	isAI: true,
	confidence: 0.8234,
	processingTime: 0.043,
	batch_position: position,
	...more,
});

const read = (results: unknown, fileCount = 3, more: object = { request_id: 'batch_img_1' }) =>
	readBatchAnswer(JSON.stringify({ batch_results: results, ...more }), fileCount);

function entriesOf(answer: BatchAnswer): Entry[] {
	if (answer.kind !== 'entries') throw new Error(answer.reason);
	return answer.entries;
}

const shapes = (answer: BatchAnswer) =>
	entriesOf(answer).map((entry) => (entry.kind === 'gap' ? entry.reason : entry.kind));

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

it('goes by batch_position alone, not by the order', () => {
	const results = [2, 0, 1].map((position) => good(position, { confidence: position / 10 }));
	const confidences = entriesOf(read(results)).map(
		(entry) => entry.kind === 'verdict' && entry.verdict.confidence,
	);
	expect(confidences).toEqual([0, 0.1, 0.2]);
});

it('keeps isAI where it contradicts the confidence', () => {
	const [entry] = entriesOf(read([good(0, { isAI: false, confidence: 0.99 })], 1));
	expect(entry).toMatchObject({ verdict: { isAI: false, confidence: 0.99 } });
});

it.each([
	['an entry is missing', [good(0), good(2)], ['verdict', 'missing', 'verdict']],
	['none is there', [], ['missing', 'missing', 'missing']],
	['a position is out of range', [good(0), good(1), good(3)], ['verdict', 'verdict', 'missing']],
	['a position is negative', [good(0), good(1), good(-1)], ['verdict', 'verdict', 'missing']],
	['a position is a fraction', [good(0), good(1), good(1.5)], ['verdict', 'verdict', 'missing']],
	['a position is a text', [good(0), good(1), good('2')], ['verdict', 'verdict', 'missing']],
	['a position is null', [good(0), good(1), good(null)], ['verdict', 'verdict', 'missing']],
	['a position is huge', [good(0), good(1), good(1e300)], ['verdict', 'verdict', 'missing']],
	['positions count from 1', [good(1), good(2), good(3)], ['missing', 'missing', 'missing']],
	[
		'a position is that after the last',
		[good(3), good(1), good(2)],
		['missing', 'verdict', 'verdict'],
	],
	[
		'two entries claim a position with different verdicts',
		[good(0), good(1), good(1, { isAI: false, confidence: 0.1 }), good(2)],
		['verdict', 'contradictory', 'verdict'],
	],
	[
		'three entries claim a position',
		[good(0), good(1), good(1), good(1), good(2)],
		['verdict', 'contradictory', 'verdict'],
	],
	[
		'a verdict and an error claim a position',
		[good(0), good(1), { batch_position: 1, error: 'broken' }, good(2)],
		['verdict', 'contradictory', 'verdict'],
	],
	['entries are no objects', [null, 7, 'x', [], good(0)], ['verdict', 'missing', 'missing']],
])('makes gaps of the touched files only where %s', (_, results, expected) => {
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
])('trusts no verdict %s', (_, change) => {
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
])('trusts a verdict with %s', (_, change) => {
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
])('takes %j in place of a verdict for the final word on the file', (entry, serverMessage) => {
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
])('believes no verdict that is marked as failed: %j', (marks) => {
	const placeholder = good(0, { isAI: false, confidence: 0, ...marks });
	expect(shapes(read([placeholder], 1))).toEqual(['refused']);
});

it.each([{ status: 'ok' }, { status: 'inferred' }, { status: 200 }, {}])(
	'takes an entry without verdict and without error for a gap: %j',
	(entry) => {
		expect(shapes(read([{ batch_position: 0, ...entry }], 1))).toEqual(['incomplete']);
	},
);

it.each([
	['', 'notJson'],
	['{"batch_results": [{"isAI": tr', 'notJson'],
	['<html>', 'notJson'],
	['null', 'notBatch'],
	['[]', 'notBatch'],
	['"text"', 'notBatch'],
	['{}', 'notBatch'],
	['{"batch_results": null}', 'notBatch'],
	['{"batch_results": {"0": {}}}', 'notBatch'],
	['{"results": []}', 'notBatch'],
	['{"isAI": true, "confidence": 0.9}', 'notBatch'],
])('reads nothing out of %s', (text, reason) => {
	expect(readBatchAnswer(text, 2)).toEqual({ kind: 'unreadable', reason });
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

it('takes a prototype for no entry', () => {
	const text = '{"batch_results":[{"__proto__":{"isAI":true,"confidence":1},"batch_position":0}]}';
	expect(shapes(readBatchAnswer(text, 1))).toEqual(['incomplete']);
});

it('bug: a million entries for 50 files are no answer, and hold nothing up', () => {
	const text = `{"batch_results":[${'{},'.repeat(1_000_000)}{}]}`;
	expect(readBatchAnswer(text, 50)).toEqual({ kind: 'unreadable', reason: 'notBatch' });
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
])('bug: takes no placeholder for a verdict: %j', (marks) => {
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
])('bug: takes a verdict for one, whatever says that all is well: %j', (marks) => {
	expect(shapes(read([good(0, marks)], 1))).toEqual(['verdict']);
});

it('bug: a number that is none costs its own entry alone', () => {
	const text = JSON.stringify({ batch_results: [good(0), good(1, { confidence: 'NaN' })] });
	const answer = readBatchAnswer(text.replace('"NaN"', 'NaN'), 2);
	expect(shapes(answer)).toEqual(['verdict', 'incomplete']);
	expect(shapes(readBatchAnswer(`\ufeff${text.replace('"NaN"', '0.5')}`, 2))).toEqual([
		'verdict',
		'verdict',
	]);
});

it('bug: takes secrets out of the request ID, and says what an answer says that is none', () => {
	const conceal = (words: string) => words.replaceAll('KEY', '***');
	const text = JSON.stringify({ batch_results: [good(0)], request_id: 'Bearer KEY' });
	expect(readBatchAnswer(text, 1, conceal)).toMatchObject({ requestId: 'Bearer ***' });
	expect(readBatchAnswer('{"error": "KEY over quota"}', 1, conceal)).toEqual({
		kind: 'unreadable',
		reason: 'notBatch',
		serverMessage: '*** over quota',
	});
});

it('bug: a text full of quotes takes no time that grows with its square', () => {
	for (const end of ['', '\\']) {
		const text = `{"a": NaN, "b": "${'\\"'.repeat(120_000)}${end}`;
		expect(readBatchAnswer(text, 1)).toMatchObject({ kind: 'unreadable', reason: 'notJson' });
	}
});
