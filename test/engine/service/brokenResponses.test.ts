import {
	withContradiction,
	withDuplicate,
	withEntry,
	withFailedEntry,
	withoutPositions,
	withPosition,
	type ReceivedFile,
	type ResultsChange,
} from '../../support/emulator';
import { expectVerdict, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';

const bench = useBench();
const samples = images(10);
const BAD = 4;

/** Breaks the response for one file, in any position, also when it is sent again. */
function breakFor(broken: (position: number) => ResultsChange) {
	const isBad = ({ sha256 }: ReceivedFile) => sha256 === samples[BAD]?.sha256;
	bench.emulator.misbehave(({ moment }) =>
		moment === 'afterBody'
			? {
					kind: 'results',
					change: (results, files) => {
						const position = files.findIndex(isBad);
						return position === -1 ? results : broken(position)(results, files);
					},
				}
			: undefined,
	);
}

const items = samples.map((sample, n) => itemOf(sample, { n }));

test('two entries for one position that agree count as one', async () => {
	breakFor(withDuplicate);
	const { items: good } = await bench.run(items, [imageNode()]);
	good.forEach((item, index) => expectVerdict(item, samples[index]!));
	expect(bench.emulator.batchRequests).toHaveLength(1);
});

test.each<[string, (position: number) => ResultsChange, RegExp]>([
	['is missing', withoutPositions, /no usable verdict/],
	['has two verdicts', withContradiction, /no usable verdict.*contradict/],
	['is out of range', (at) => withPosition(at, 50), /no usable verdict/],
	['is negative', (at) => withPosition(at, -1), /no usable verdict/],
	['is a fraction', (at) => withPosition(at, 0.5), /no usable verdict/],
	['is a string', (at) => withPosition(at, String(at)), /no usable verdict/],
	['is null', (at) => withPosition(at, null), /no usable verdict/],
	['has an error', withFailedEntry, /cannot decode image/],
	[
		'has an error next to a verdict',
		(at) => withEntry(at, (entry) => ({ ...entry, error: 'cut off' })),
		/cut off/,
	],
	['has a detail', (at) => withFailedEntry(at, { detail: 'too blurred' }), /too blurred/],
	['has a status', (at) => withFailedEntry(at, { status: 'failed' }), /status failed/],
	[
		'has no confidence',
		(at) => withEntry(at, ({ confidence: _, ...rest }) => rest),
		/no usable verdict/,
	],
	[
		'has a confidence above 1',
		(at) => withEntry(at, (entry) => ({ ...entry, confidence: 82 })),
		/no usable verdict/,
	],
	[
		'has a verdict as text',
		(at) => withEntry(at, (entry) => ({ ...entry, isAI: 'true' })),
		/no usable verdict/,
	],
])(
	'only its item fails, with the reason and the request ID, if a position %s',
	async (_, broken, message) => {
		breakFor(broken);
		const { good, bad } = await bench.runWithErrorOutput(items, imageNode());

		expect(bad.map(({ json }) => json.n)).toEqual([BAD]);
		expect(bad[0]?.json.error).toMatch(message);
		const requestIds = bench.emulator.batchRequests.map(({ requestId }) => requestId);
		const [file] = (bad[0]?.json.bitMind as any).files;
		expect(requestIds).toContain(file.requestId);
		expect(file.error).toMatch(message);

		const others = samples.filter((_, n) => n !== BAD);
		expect(good).toHaveLength(others.length);
		good.forEach((item, index) => expectVerdict(item, others[index]!));
		// Files with verdicts aren't sent and charged again.
		expect(bench.emulator.batchRequests.slice(1).every(({ files }) => files.length === 1)).toBe(
			true,
		);
		expect(bench.emulator.batchRequests.length).toBeLessThanOrEqual(2);
	},
);

test("two entries for one position don't affect others, and a missing entry arrives with the second response", async () => {
	bench.emulator.misbehave(({ moment, index }) =>
		moment === 'afterBody' && index === 0
			? { kind: 'results', change: withoutPositions(1, 3) }
			: undefined,
	);
	const result = await bench.run(items, [imageNode()]);
	expect(result.error).toBeUndefined();
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	expect(bench.emulator.batchRequests.map(({ files }) => files.length)).toEqual([10, 2]);
});

test("with 'Stop', a file without a verdict ends the run with the item's number and the request ID", async () => {
	breakFor(withFailedEntry);
	const result = await bench.run(items, [imageNode()]);
	expect(result.error?.message).toMatch(
		/cannot decode image \(9 of 10 files had verdicts\) \[item 4\]$/,
	);
	const { requestId } = bench.emulator.batchRequests[0]!;
	expect((result.error as any).description).toContain(requestId);
});

test('a verdict and a confidence that contradict each other are output unchanged, with a hint', async () => {
	breakFor((at) => withEntry(at, (entry) => ({ ...entry, isAI: false, confidence: 0.9 })));
	const result = await bench.run(items, [imageNode()]);
	expect(result.items[BAD]?.json).toMatchObject({ isAI: false, confidence: 0.9 });
	expect(result.hintsOf('Batch Image Detect')[0]?.message).toContain('contradict');
});

test('an item with one file without a verdict fails, and keeps the verdict on its other file', async () => {
	breakFor(withFailedEntry);
	const pair = { json: { n: 0 }, files: { a: samples[BAD]!, b: samples[0]! } };
	const { bad } = await bench.runWithErrorOutput([pair], imageNode({ binaryPropertyName: '*' }));
	expect(bad[0]?.json.bitMind).toMatchObject({
		files: [
			{ field: 'a', error: expect.stringContaining('cannot decode') },
			{ field: 'b', ...samples[0]!.verdict },
		],
	});
	expect(bad[0]?.json).not.toHaveProperty('isAI');
});

test.each(['invalidJson', 'wrongSchema', 'truncatedResponse'] as const)(
	'a response that is always %s fails all items with a message',
	async (kind) => {
		bench.emulator.misbehave(() => ({ kind }));
		const node = imageNode({ options: { maxRetries: 1 } });
		const { good, bad } = await bench.runWithErrorOutput(items, node);
		expect(good).toEqual([]);
		expect(bad).toHaveLength(items.length);
		for (const { json } of bad) expect(json.error).toMatch(/could not be understood|was lost/);
	},
);
