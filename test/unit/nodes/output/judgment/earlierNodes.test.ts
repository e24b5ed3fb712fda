import { inspect } from 'node:util';
import { judge } from '../../../../../nodes/shared/output/judgment';
import {
	AI,
	bitMind,
	earlierOf,
	expectJudgment,
	FAILED,
	file,
	OWN,
	REAL,
	type Case,
} from './scene';

/** An item whose checked file is authentic, with other files that nobody had checked. */
const IN_REVIEW = {
	...REAL,
	verdict: 'review',
	...bitMind(file('a', { ...REAL, verdict: 'authentic' })),
};

describe('what an earlier node has checked', () => {
	test.each<Case>([
		['counts', { json: bitMind(file('data', REAL)) }, ['authentic', false, 0.1]],
		['counts as AI-generated', { json: bitMind(file('data', AI)) }, ['ai', true, 0.9]],
		[
			"counts next to this node's verdict",
			{ json: bitMind(file('a', AI)), own: [file('b', REAL)], held: ['a', 'b'] },
			['ai', true, 0.9],
		],
		[
			"is replaced by this node's verdict on the same field",
			{ json: { ...AI, ...bitMind(file('data', AI)) }, ...OWN },
			['authentic', false, 0.1],
		],
		[
			'no longer counts when the file is gone',
			{ json: { ...REAL, ...bitMind(file('data', REAL)) }, held: ['thumb'] },
			['review', null, null],
		],
		[
			'stays with an item that has lost all its files, but no longer makes it authentic',
			{ json: bitMind(file('data', REAL)), held: [] },
			['review', false, 0.1],
		],
		[
			'sends such an item where the user wants it',
			{ json: bitMind(file('data', REAL)), held: [], uncheckedRoute: 'authentic' },
			['authentic', false, 0.1],
		],
		[
			'keeps such an item AI-generated in any case',
			{ json: bitMind(file('data', AI)), held: [], uncheckedRoute: 'authentic' },
			['ai', true, 0.9],
		],
		[
			'counts if the file came from another node',
			{
				json: bitMind(file('form', { ...AI, elsewhere: true })),
				own: [file('data', REAL)],
			},
			['ai', true, 0.9],
		],
		[
			'no longer counts when the AI-generated file is gone',
			{
				json: { ...AI, ...bitMind(file('data', AI)) },
				own: [file('thumb', REAL)],
				held: ['thumb'],
			},
			['authentic', false, 0.1],
		],
		...[7, -0.1, '0.1', null, NaN].map((confidence): Case => [
			`doesn't count with a confidence of ${inspect(confidence)}`,
			{ json: bitMind(file('data', { isAI: false, confidence })) },
			['review', null, null],
		]),
		...['false', 0, null].map((isAI): Case => [
			`doesn't count with an isAI of ${inspect(isAI)}`,
			{ json: bitMind(file('data', { isAI, confidence: 0.1 })) },
			['review', null, null],
		]),
		[
			'follows the bands of the node that checked it',
			{
				json: {
					...REAL,
					verdict: 'review',
					...bitMind(file('data', { ...REAL, verdict: 'review' })),
				},
			},
			['review', false, 0.1, 'review'],
		],
		[
			"is summed up again by a node without bands, with 'verdict' to match",
			{
				json: {
					...REAL,
					verdict: 'authentic',
					...bitMind(file('a', { ...REAL, verdict: 'authentic' })),
				},
				own: [file('b', AI)],
				held: ['a', 'b'],
			},
			['ai', true, 0.9, 'ai'],
		],
		[
			"fills the empty 'verdict' of an item that had no files",
			{ json: { isAI: null, confidence: null, verdict: null }, own: [file('data', AI)] },
			['ai', true, 0.9, 'ai'],
		],
		[
			'stays in review because of files that nobody has checked',
			{
				json: IN_REVIEW,
				held: ['a', 'gif'],
				uncheckedRoute: 'authentic',
			},
			['review', false, 0.1, 'review'],
		],
		[
			'leaves review when these files are checked',
			{
				json: IN_REVIEW,
				own: [file('clip', REAL)],
				held: ['a', 'clip'],
			},
			['authentic', false, 0.1, 'authentic'],
		],
	])('%s', expectJudgment);
});

describe('what an earlier node could not check', () => {
	test.each<Case>([
		[
			'goes to review',
			{ json: { bitMind: { errorCode: 'noFile' } }, uncheckedRoute: 'authentic' },
			['review', null, null],
		],
		[
			'sends the file next to it to review as well',
			{
				json: { bitMind: { errorCode: 'emptyFile', files: [file('a', FAILED)] } },
				own: [file('b', REAL)],
				held: ['a', 'b'],
			},
			['review', false, 0.1],
		],
		[
			'is settled by a later verdict',
			{
				json: { error: 'x', bitMind: { errorCode: 'emptyFile', files: [file('data', FAILED)] } },
				...OWN,
			},
			['authentic', false, 0.1],
		],
		[
			"isn't settled by a verdict on another file",
			{ json: { bitMind: { errorCode: 'badParameter' } }, ...OWN },
			['review', false, 0.1],
		],
		[
			"doesn't include another service's error",
			{ json: { error: 'column of a table', bitMind: { errorCode: 'teapot' } }, ...OWN },
			['authentic', false, 0.1],
		],
	])('%s', expectJudgment);
});

test("bug: a verdict survives a later node that doesn't take such files", () => {
	const checked = file('data', REAL);
	const earlier = earlierOf(bitMind(checked), ['data']);
	const settings = { bands: undefined, uncheckedRoute: 'review' } as const;
	const own = [file('data', FAILED), file('clip', FAILED)];
	const rest = { skipped: [], held: ['data', 'clip'], isMistaken: false };
	const { files } = judge({ own, hasFailed: true, earlier, settings, ...rest });
	expect(files).toEqual([checked, own[1]]);
});
