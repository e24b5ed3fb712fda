import { entriesOf, good, read, readText, shapes } from './reading';

it('passes a verdict on as the API returned it', () => {
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

it('keeps isAI even if it contradicts the confidence', () => {
	const [entry] = entriesOf(read([good(0, { isAI: false, confidence: 0.99 })], 1));
	expect(entry).toMatchObject({ verdict: { isAI: false, confidence: 0.99 } });
});

it.each([
	['without isAI', { isAI: undefined }],
	['with isAI as a string', { isAI: 'true' }],
	['with isAI as a number', { isAI: 1 }],
	['with isAI as null', { isAI: null }],
	['without confidence', { confidence: undefined }],
	['with confidence as a string', { confidence: '0.9' }],
	['with confidence as null', { confidence: null }],
	['with a confidence in percent', { confidence: 82 }],
	['with a confidence below 0', { confidence: -0.1 }],
	['with a confidence above 1', { confidence: 1.0001 }],
])('rejects a verdict %s', (_, change) => {
	expect(shapes(read([good(0, change)], 1))).toEqual(['incomplete']);
});

it.each([
	['an odd processing time', { processingTime: 'fast' }],
	['no processing time', { processingTime: undefined }],
	['no error', { error: null }],
	['an empty error', { error: '' }],
	['error: false', { error: false }],
	['a message', { message: 'done' }],
	['a good status', { status: 'ok' }],
	['a good status that contains "err"', { status: 'inferred' }],
	['a good HTTP status', { status: 200 }],
	['unknown fields', { similarity: 0.4, detail: { model: 'x' } }],
])('accepts a verdict with %s', (_, change) => {
	expect(shapes(read([good(0, change)], 1))).toEqual(['verdict']);
});

it.each([{ status: 'ok' }, { status: 'inferred' }, { status: 200 }, {}])(
	'treats an entry with neither a verdict nor an error as unusable: %j',
	(entry) => {
		expect(shapes(read([{ batch_position: 0, ...entry }], 1))).toEqual(['incomplete']);
	},
);

it("doesn't read a verdict from a prototype", () => {
	const text = '{"batch_results":[{"__proto__":{"isAI":true,"confidence":1},"batch_position":0}]}';
	expect(shapes(readText(text, { fileCount: 1 }))).toEqual(['incomplete']);
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
])('bug: accepts a verdict next to a message about success: %j', (marks) => {
	expect(shapes(read([good(0, marks)], 1))).toEqual(['verdict']);
});
