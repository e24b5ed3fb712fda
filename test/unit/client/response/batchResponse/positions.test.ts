import { entriesOf, good, read, readText, shapes } from './reading';

it('matches entries by batch_position, not by their order', () => {
	const results = [2, 0, 1].map((position) => good(position, { confidence: position / 10 }));
	const confidences = entriesOf(read(results)).map(
		(entry) => entry.kind === 'verdict' && entry.verdict.confidence,
	);
	expect(confidences).toEqual([0, 0.1, 0.2]);
});

it.each([
	['an entry is missing', [good(0), good(2)], ['verdict', 'missing', 'verdict']],
	['all are missing', [], ['missing', 'missing', 'missing']],
	['a position is out of range', [good(0), good(1), good(4)], ['verdict', 'verdict', 'missing']],
	['a position is negative', [good(0), good(1), good(-1)], ['verdict', 'verdict', 'missing']],
	['a position is a fraction', [good(0), good(1), good(1.5)], ['verdict', 'verdict', 'missing']],
	['a position is a string', [good(0), good(1), good('2')], ['verdict', 'verdict', 'missing']],
	['a position is null', [good(0), good(1), good(null)], ['verdict', 'verdict', 'missing']],
	['a position is huge', [good(0), good(1), good(1e300)], ['verdict', 'verdict', 'missing']],
	['there is one position too many', [0, 1, 2, 3].map((at) => good(at)), Array(3).fill('verdict')],
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
	["entries aren't objects", [null, 7, 'x', [], good(0)], ['verdict', 'missing', 'missing']],
])('makes no other entry unusable if %s', (_, results, expected) => {
	expect(shapes(read(results))).toEqual(expected);
});

describe('positions that count from one', () => {
	const shifted = ['shifted', 'shifted', 'shifted'];

	it.each([
		['in order', [1, 2, 3]],
		['in any other order', [3, 1, 2]],
		['with one missing', [1, 3]],
		['with only the last', [3]],
		['with one twice', [1, 2, 3, 3]],
	])('bug: make every entry unusable, %s', (_, positions) => {
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

it('bug: counts two equal entries for one position as one', () => {
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
