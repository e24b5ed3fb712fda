import type { IDataObject } from 'n8n-workflow';
import { readEarlier } from '../../../../nodes/shared/output/earlierVerdicts';
import type { FileResult } from '../../../../nodes/shared/output/fileResults';
import { judge } from '../../../../nodes/shared/output/judgment';
import { DEFAULT_BANDS, type Band } from '../../../../nodes/shared/settings/bands';

const AI = { isAI: true, confidence: 0.9 };
const UNSURE = { isAI: true, confidence: 0.55 };
const REAL = { isAI: false, confidence: 0.1 };
const FAILED = { error: 'is empty', errorCode: 'emptyFile' } as const;

const file = (field: string, result: object) => ({ field, ...result }) as FileResult;
const bitMind = (...files: FileResult[]) => ({ bitMind: { files } });

interface Case {
	/** The item's JSON when it comes in. */
	json?: IDataObject;
	/** The fields of its files. */
	held?: string[];
	own?: FileResult[];
	hasFailed?: boolean;
	skipped?: string[];
	isMistaken?: boolean;
	/** The node wants a `verdict`. */
	hasBands?: boolean;
	uncheckedRoute?: Band;
}

const earlierOf = (json: IDataObject, held: readonly string[]) =>
	readEarlier(
		{ json },
		{ settings: { outputField: '' }, held: new Map(held.map((field) => [field, ''])) },
	);

function judged({
	json = {},
	held = ['data'],
	own = [],
	hasFailed = false,
	skipped = [],
	isMistaken = false,
	hasBands = false,
	uncheckedRoute = 'review',
}: Case) {
	const earlier = earlierOf(json, held);
	const settings = { bands: hasBands ? DEFAULT_BANDS : undefined, uncheckedRoute };
	const findings = { own, hasFailed, skipped, held, isMistaken, earlier, settings };
	const { summary, route } = judge(findings);
	const { isAI, confidence, verdict } = summary;
	return [route, isAI, confidence, ...('verdict' in summary ? [verdict] : [])];
}

const own = { own: [file('data', REAL)] };

describe.each<[string, Array<[string, Case, unknown[]]>]>([
	[
		'a file that this node has checked',
		[
			['AI-generated', { own: [file('data', AI)] }, ['ai', true, 0.9]],
			['in between', { own: [file('data', UNSURE)] }, ['review', true, 0.55]],
			['real', own, ['authentic', false, 0.1]],
			['with a verdict wanted', { ...own, hasBands: true }, ['authentic', false, 0.1, 'authentic']],
			[
				'one of two, the worst',
				{ own: [file('a', REAL), file('b', AI)], held: ['a', 'b'] },
				['ai', true, 0.9],
			],
			['beside one that is skipped', { ...own, skipped: ['gif'] }, ['review', false, 0.1]],
			[
				'beside one that may pass unchecked',
				{ ...own, skipped: ['gif'], uncheckedRoute: 'authentic' },
				['authentic', false, 0.1],
			],
			[
				'AI-generated, beside one that is skipped',
				{ own: [file('data', AI)], skipped: ['gif'], uncheckedRoute: 'authentic' },
				['ai', true, 0.9],
			],
		],
	],
	[
		'an item that fails',
		[
			[
				'has no summary',
				{ own: [file('data', FAILED)], hasFailed: true },
				['review', undefined, undefined],
			],
			[
				"loses an earlier node's, too",
				{
					json: { ...AI, verdict: 'ai', ...bitMind(file('a', { ...AI, verdict: 'ai' })) },
					held: ['a'],
					hasFailed: true,
				},
				['review', undefined, undefined, undefined],
			],
			[
				"keeps other people's 'verdict' where the node has none",
				{ json: { verdict: 'guilty' }, hasFailed: true },
				['review', undefined, undefined],
			],
			[
				'even if it looks like one of ours',
				{ json: { verdict: 'authentic' }, hasFailed: true },
				['review', undefined, undefined],
			],
			[
				'loses it where the node would have written its own',
				{ json: { verdict: 'authentic' }, hasFailed: true, hasBands: true },
				['review', undefined, undefined, undefined],
			],
		],
	],
	[
		'what an earlier node has checked',
		[
			['counts', { json: bitMind(file('data', REAL)) }, ['authentic', false, 0.1]],
			['counts, AI-generated', { json: bitMind(file('data', AI)) }, ['ai', true, 0.9]],
			[
				'counts beside what this one has',
				{ json: bitMind(file('a', AI)), own: [file('b', REAL)], held: ['a', 'b'] },
				['ai', true, 0.9],
			],
			[
				'is replaced by what this one has on the same field',
				{ json: { ...AI, ...bitMind(file('data', AI)) }, ...own },
				['authentic', false, 0.1],
			],
			[
				'counts no longer when the file is gone',
				{ json: { ...REAL, ...bitMind(file('data', REAL)) }, held: ['thumb'] },
				['review', null, null],
			],
			[
				'stays with an item that has lost all its files, but makes it no longer authentic',
				{ json: bitMind(file('data', REAL)), held: [] },
				['review', false, 0.1],
			],
			[
				'lets it go where the user says',
				{ json: bitMind(file('data', REAL)), held: [], uncheckedRoute: 'authentic' },
				['authentic', false, 0.1],
			],
			[
				'stays AI-generated in any case',
				{ json: bitMind(file('data', AI)), held: [], uncheckedRoute: 'authentic' },
				['ai', true, 0.9],
			],
			[
				'counts if the file came from elsewhere',
				{
					json: bitMind(file('form', { ...AI, elsewhere: true })),
					own: [file('data', REAL)],
				},
				['ai', true, 0.9],
			],
			[
				'counts no longer when the AI-generated file is gone',
				{
					json: { ...AI, ...bitMind(file('data', AI)) },
					own: [file('thumb', REAL)],
					held: ['thumb'],
				},
				['authentic', false, 0.1],
			],
			...[7, -0.1, '0.1', null, NaN].map((confidence): [string, Case, unknown[]] => [
				`does not count with a confidence of ${JSON.stringify(confidence)}`,
				{ json: bitMind(file('data', { isAI: false, confidence })) },
				['review', null, null],
			]),
			...['false', 0, null].map((isAI): [string, Case, unknown[]] => [
				`does not count with an isAI of ${JSON.stringify(isAI)}`,
				{ json: bitMind(file('data', { isAI, confidence: 0.1 })) },
				['review', null, null],
			]),
			[
				'goes by the bands of the node that has checked it',
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
				'is said anew by a node without bands, all three fields of one piece',
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
				"takes the place of a 'verdict' that an item without files had",
				{ json: { isAI: null, confidence: null, verdict: null }, own: [file('data', AI)] },
				['ai', true, 0.9, 'ai'],
			],
			[
				'keeps its doubt about files that nobody has checked',
				{
					json: {
						...REAL,
						verdict: 'review',
						...bitMind(file('a', { ...REAL, verdict: 'authentic' })),
					},
					held: ['a', 'gif'],
					uncheckedRoute: 'authentic',
				},
				['review', false, 0.1, 'review'],
			],
			[
				'loses its doubt when these are checked',
				{
					json: {
						...REAL,
						verdict: 'review',
						...bitMind(file('a', { ...REAL, verdict: 'authentic' })),
					},
					own: [file('clip', REAL)],
					held: ['a', 'clip'],
				},
				['authentic', false, 0.1, 'authentic'],
			],
		],
	],
	[
		'what an earlier node could not check',
		[
			[
				'goes to review',
				{ json: { bitMind: { errorCode: 'noFile' } }, uncheckedRoute: 'authentic' },
				['review', null, null],
			],
			[
				'goes to review with the file beside it',
				{
					json: { bitMind: { errorCode: 'emptyFile', files: [file('a', FAILED)] } },
					own: [file('b', REAL)],
					held: ['a', 'b'],
				},
				['review', false, 0.1],
			],
			[
				'is made good by a later verdict',
				{
					json: { error: 'x', bitMind: { errorCode: 'emptyFile', files: [file('data', FAILED)] } },
					...own,
				},
				['authentic', false, 0.1],
			],
			[
				'is not made good by a verdict on a file that it was not about',
				{ json: { bitMind: { errorCode: 'badParameter' } }, ...own },
				['review', false, 0.1],
			],
			[
				"is no other service's error",
				{ json: { error: 'column of a table', bitMind: { errorCode: 'teapot' } }, ...own },
				['authentic', false, 0.1],
			],
		],
	],
	[
		'an item that nobody has checked',
		[
			['goes where unchecked items go', {}, ['review', null, null]],
			['goes where the user says', { uncheckedRoute: 'authentic' }, ['authentic', null, null]],
			[
				'goes to review where the field is mistaken',
				{ uncheckedRoute: 'authentic', isMistaken: true },
				['review', null, null],
			],
			['has all three fields', { hasBands: true }, ['review', null, null, null]],
			[
				"is not authentic by somebody else's word",
				{ json: { ...REAL, verdict: 'authentic' } },
				['review', null, null, null],
			],
			[
				'is not authentic by its own word',
				{ json: { isAI: 'false', confidence: '0' } },
				['review', null, null],
			],
			[
				'is believed to be AI-generated',
				{ json: { ...AI }, uncheckedRoute: 'authentic' },
				['ai', true, 0.9],
			],
			[
				'is believed even if its word is contradictory',
				{ json: { isAI: true, confidence: 0.1 }, uncheckedRoute: 'authentic' },
				['review', true, 0.1],
			],
			[
				'without any file keeps the word that it brings',
				{ json: { ...REAL }, held: [], uncheckedRoute: 'authentic' },
				['authentic', false, 0.1],
			],
			[
				'without any file goes to review all the same',
				{ json: { ...REAL }, held: [], hasBands: true },
				['review', false, 0.1, 'review'],
			],
		],
	],
])('%s', (_, cases) => {
	test.each(cases)('%s', (_name, given, expected) => {
		expect(judged(given)).toEqual(expected);
	});
});

test('bug: a verdict outlives a later node that takes no such file', () => {
	const checked = file('data', REAL);
	const earlier = earlierOf(bitMind(checked), ['data']);
	const settings = { bands: undefined, uncheckedRoute: 'review' } as const;
	const own = [file('data', FAILED), file('clip', FAILED)];
	const rest = { skipped: [], held: ['data', 'clip'], isMistaken: false };
	const { files } = judge({ own, hasFailed: true, earlier, settings, ...rest });
	expect(files).toEqual([checked, own[1]]);
});
