import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, good, read, shapes } from './reading';

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
])('treats %j as a refusal', (entry, serverMessage) => {
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

it.each([
	{ message: 'could not decode image' },
	{ detail: 'could not decode' },
	{ status: 'skipped' },
	{ status: 'timeout' },
	{ status: { code: 500 } },
	{ success: false },
	{ errors: ['decode'] },
])("bug: doesn't treat a placeholder as a verdict: %j", (marks) => {
	const placeholder = good(0, { isAI: false, confidence: 0, ...marks });
	expect(shapes(read([placeholder], 1))).toEqual(['refused']);
});

const CASES = JSON.parse(
	readFileSync(join(__dirname, '../../../../fixtures/entries/entries.json'), 'utf8'),
) as { entry: Record<string, unknown>; expect: string }[];

it.each(CASES)('bug: treats $entry as $expect', ({ entry, expect: what }) => {
	const [found] = entriesOf(read([{ ...entry, batch_position: 0 }], 1));
	if (what === 'a refusal') expect(found).toMatchObject({ kind: 'refused' });
	else if (what === 'unusable') expect(found).toMatchObject({ kind: 'unusable' });
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
])('bug: treats a verdict next to %j as %s', (marks, expected) => {
	expect(shapes(read([good(0, marks)], 1))).toEqual([expected]);
});

it.each([
	[{ message: 'Could not decode' }, 'refused'],
	[{ detail: [{ msg: 'Unsupported image' }] }, 'refused'],
	[{ detail: 'invalid file' }, 'refused'],
	[{ message: 'real photo' }, 'verdict'],
	[{ message: 'no errors' }, 'verdict'],
])(
	'bug: treats a confidence of 0 as a placeholder only next to a message about a failure: %j',
	(marks, expected) => {
		expect(shapes(read([good(0, { isAI: false, confidence: 0, ...marks })], 1))).toEqual([
			expected,
		]);
		expect(shapes(read([good(0, { isAI: false, confidence: 0.01, ...marks })], 1))).toEqual([
			'verdict',
		]);
	},
);
