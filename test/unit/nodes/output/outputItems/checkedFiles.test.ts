import { DEFAULT_BANDS } from '../../../../../nodes/shared/settings/bands';
import {
	AI,
	checked,
	expectItem,
	failed,
	FILE,
	MESSAGE,
	REAL,
	REUSED,
	UNSURE,
	verdictOf,
	type Case,
} from './scene';

test.each<Case>([
	[
		'an AI-generated file',
		{ json: { id: 7 }, files: ['a'], outcomes: [AI] },
		'ai',
		{ id: 7, isAI: true, confidence: 0.9, bitMind: { files: [checked('a', 0.9)] } },
	],
	[
		'a file whose confidence lies in between',
		{ files: ['a'], outcomes: [UNSURE] },
		'review',
		{ isAI: true, confidence: 0.5, bitMind: { files: [checked('a', 0.5)] } },
	],
	[
		"a file in a node that adds 'verdict'",
		{ files: ['a'], outcomes: [REAL], settings: { bands: DEFAULT_BANDS } },
		'authentic',
		{
			isAI: false,
			confidence: 0.1,
			verdict: 'authentic',
			bitMind: { files: [checked('a', 0.1, { verdict: 'authentic' })] },
		},
	],
	[
		'a verdict that is reused',
		{ files: ['a'], outcomes: [REUSED] },
		'authentic',
		{
			isAI: false,
			confidence: 0.1,
			bitMind: { files: [checked('a', 0.1, { reused: true })] },
		},
	],
	[
		'a verdict with evidence',
		{
			files: ['a'],
			outcomes: [{ verdict: { ...verdictOf(0.9), checkedAt: 0 }, sha256: 'f00' }],
			settings: { evidence: true },
		},
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: {
				files: [
					checked('a', 0.9, { sha256: 'f00', ...FILE, checkedAt: '1970-01-01T00:00:00.000Z' }),
				],
			},
		},
	],
	[
		'a file that was not sent, with evidence',
		{
			files: ['a'],
			outcomes: [{ failure: { kind: 'notSent' } }],
			settings: { evidence: true },
		},
		'review',
		{ error: MESSAGE, bitMind: { errorCode: 'notSent', files: [failed('a', 'notSent', FILE)] } },
	],
	[
		'a file of another node',
		{ files: ['a'], elsewhere: ['a'], outcomes: [AI] },
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: { files: [checked('a', 0.9, { elsewhere: true })] },
		},
	],
	[
		'two files: the more severe verdict decides',
		{ files: ['a', 'b'], outcomes: [REAL, AI] },
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: { files: [checked('a', 0.1), checked('b', 0.9)] },
		},
	],
])('%s', expectItem);
