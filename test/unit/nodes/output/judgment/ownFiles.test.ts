import { AI, bitMind, expectJudgment, FAILED, file, OWN, REAL, UNSURE, type Case } from './scene';

describe('a file that this node has checked', () => {
	test.each<Case>([
		['is AI-generated', { own: [file('data', AI)] }, ['ai', true, 0.9]],
		['needs review', { own: [file('data', UNSURE)] }, ['review', true, 0.55]],
		['is authentic', OWN, ['authentic', false, 0.1]],
		[
			"has a 'verdict' if the node adds one",
			{ ...OWN, hasBands: true },
			['authentic', false, 0.1, 'authentic'],
		],
		[
			'counts if it is the more severe of two',
			{ own: [file('a', REAL), file('b', AI)], held: ['a', 'b'] },
			['ai', true, 0.9],
		],
		['goes to review next to a skipped file', { ...OWN, skipped: ['gif'] }, ['review', false, 0.1]],
		[
			'is authentic next to a file that may pass unchecked',
			{ ...OWN, skipped: ['gif'], uncheckedRoute: 'authentic' },
			['authentic', false, 0.1],
		],
		[
			'stays AI-generated next to a skipped file',
			{ own: [file('data', AI)], skipped: ['gif'], uncheckedRoute: 'authentic' },
			['ai', true, 0.9],
		],
	])('%s', expectJudgment);
});

describe('an item that fails', () => {
	test.each<Case>([
		[
			'has no summary',
			{ own: [file('data', FAILED)], hasFailed: true },
			['review', undefined, undefined],
		],
		[
			"also loses an earlier node's summary",
			{
				json: { ...AI, verdict: 'ai', ...bitMind(file('a', { ...AI, verdict: 'ai' })) },
				held: ['a'],
				hasFailed: true,
			},
			['review', undefined, undefined, undefined],
		],
		[
			"keeps another service's 'verdict' if the node adds none",
			{ json: { verdict: 'guilty' }, hasFailed: true },
			['review', undefined, undefined],
		],
		[
			"keeps it even if it looks like one of this package's",
			{ json: { verdict: 'authentic' }, hasFailed: true },
			['review', undefined, undefined],
		],
		[
			'loses it if the node would have written its own',
			{ json: { verdict: 'authentic' }, hasFailed: true, hasBands: true },
			['review', undefined, undefined, undefined],
		],
	])('%s', expectJudgment);
});
