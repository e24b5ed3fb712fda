import { checked, earlier, expectItem, REAL, type Case } from './scene';

test.each<Case>([
	[
		'an item that an earlier node checked stays as it is',
		{ json: earlier('a', 0.9), others: ['a'] },
		'ai',
		earlier('a', 0.9),
	],
	[
		'an item with another file that an earlier node checked',
		{ json: earlier('a', 0.9), files: ['b'], others: ['a'], outcomes: [REAL] },
		'ai',
		{
			isAI: true,
			confidence: 0.9,
			bitMind: {
				files: [{ field: 'a', fileName: 'a.jpg', isAI: true, confidence: 0.9 }, checked('b', 0.1)],
			},
		},
	],
	[
		'an item that has lost the file that an earlier node checked',
		{ json: earlier('gone', 0.9), files: ['b'], outcomes: [REAL] },
		'authentic',
		{ isAI: false, confidence: 0.1, bitMind: { files: [checked('b', 0.1)] } },
	],
	[
		'an item that failed in an earlier node',
		{
			json: { error: 'empty', bitMind: { errorCode: 'emptyFile', files: [] } },
			files: ['b'],
			outcomes: [REAL],
		},
		'review',
		{
			error: 'empty',
			isAI: false,
			confidence: 0.1,
			bitMind: { errorCode: 'emptyFile', files: [checked('b', 0.1)] },
		},
	],
])('%s', expectItem);
