import { expectItem, type Case } from './scene';

test.each<Case>([
	[
		'an item without files that passes through',
		{ json: { id: 7 } },
		'review',
		{ id: 7, isAI: null, confidence: null },
	],
	[
		"the same, with unchecked items sent to 'Authentic'",
		{ json: { id: 7 }, settings: { uncheckedRoute: 'authentic' } },
		'authentic',
		{ id: 7, isAI: null, confidence: null },
	],
	[
		'the same, with a wrong name of the binary field',
		{ json: { id: 7 }, others: ['x'], settings: { uncheckedRoute: 'authentic' } },
		'review',
		{ id: 7, isAI: null, confidence: null },
	],
	[
		'an item that passes through always keeps its input fields',
		{ json: { id: 7 }, settings: { includeInputFields: false } },
		'review',
		{ id: 7, isAI: null, confidence: null },
	],
])('%s', expectItem);
