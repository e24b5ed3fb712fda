import { AI, expectJudgment, REAL, type Case } from './scene';

describe('an item that nobody has checked', () => {
	test.each<Case>([
		['goes to review by default', {}, ['review', null, null]],
		['goes where the user wants it', { uncheckedRoute: 'authentic' }, ['authentic', null, null]],
		[
			'goes to review if the name of the binary field is wrong',
			{ uncheckedRoute: 'authentic', isMistaken: true },
			['review', null, null],
		],
		['has all three fields', { hasBands: true }, ['review', null, null, null]],
		[
			"isn't authentic because another service says so",
			{ json: { ...REAL, verdict: 'authentic' } },
			['review', null, null, null],
		],
		[
			"isn't authentic because of fields of the wrong type",
			{ json: { isAI: 'false', confidence: '0' } },
			['review', null, null],
		],
		[
			'stays AI-generated if it says so',
			{ json: { ...AI }, uncheckedRoute: 'authentic' },
			['ai', true, 0.9],
		],
		[
			'goes to review if what it says is contradictory',
			{ json: { isAI: true, confidence: 0.1 }, uncheckedRoute: 'authentic' },
			['review', true, 0.1],
		],
		[
			'keeps what it says if it has no files',
			{ json: { ...REAL }, held: [], uncheckedRoute: 'authentic' },
			['authentic', false, 0.1],
		],
		[
			'goes to review if it has no files either',
			{ json: { ...REAL }, held: [], hasBands: true },
			['review', false, 0.1, 'review'],
		],
	])('%s', expectJudgment);
});
