import {
	BAND_NAMES,
	bandOf,
	DEFAULT_BANDS,
	isBand,
	mostSevere,
	reconcile,
} from '../../../../nodes/shared/settings/bands';

it.each([
	[0, 'authentic'],
	[0.3499999, 'authentic'],
	[0.35, 'review'],
	[0.6499999, 'review'],
	[0.65, 'ai'],
	[1, 'ai'],
])('by default a confidence of %d is %s', (confidence, band) => {
	expect(bandOf(confidence, DEFAULT_BANDS)).toBe(band);
});

it.each([
	[{ reviewFrom: 0.5, aiFrom: 0.5 }, ['authentic', 'ai', 'ai']],
	[{ reviewFrom: 0, aiFrom: 1 }, ['review', 'review', 'review']],
	[{ reviewFrom: 0, aiFrom: 0 }, ['ai', 'ai', 'ai']],
])('with %j, 0.4, 0.5 and 0.9 are %j', (bands, expected) => {
	expect([0.4, 0.5, 0.9].map((confidence) => bandOf(confidence, bands))).toEqual(expected);
});

it.each([
	[['authentic', 'review', 'ai'], 'ai'],
	[['ai', 'authentic'], 'ai'],
	[['review', 'authentic', 'review'], 'review'],
	[['authentic'], 'authentic'],
	[[], 'authentic'],
] as const)('the most severe of %j is %s', (bands, worst) => {
	expect(mostSevere(bands)).toBe(worst);
});

it('distinguishes its own verdicts from other values', () => {
	expect(['ai', 'review', 'authentic'].every(isBand)).toBe(true);
	expect(['AI', 'real', '', null, undefined, 0, ['ai']].some(isBand)).toBe(false);
});

it.each([
	[0.35, 0.65, 0.35, 0.65],
	[0.5, 0.5, 0.5, 0.5],
	// The one that still has its default gives way.
	[0.35, 0.2, 0.2, 0.2],
	[0.8, 0.65, 0.8, 0.8],
	// Both were set.
	[0.8, 0.2, 0.8, 0.2],
])('thresholds of %d and %d are used as %d and %d', (reviewFrom, aiFrom, review, ai) => {
	expect(reconcile({ reviewFrom, aiFrom })).toEqual({ reviewFrom: review, aiFrom: ai });
});

it('has the words that users read', () => {
	expect(BAND_NAMES).toEqual({
		ai: 'AI-generated',
		review: 'needs review',
		authentic: 'authentic',
	});
});
