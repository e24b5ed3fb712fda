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

/** Breaks the response for one file, wherever it is in a request, so also when it is sent again. */
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

test('two entries for one position that agree are one verdict', async () => {
	breakFor(withDuplicate);
	const { items: good } = await bench.run(items, [imageNode()]);
	good.forEach((item, index) => expectVerdict(item, samples[index]!));
	expect(bench.emulator.batchRequests).toHaveLength(1);
});

test.each<[string, (position: number) => ResultsChange, RegExp]>([
	['is missing', withoutPositions, /no usable verdict/],
	['is claimed by two verdicts', withContradiction, /no usable verdict.*contradict/],
	['is out of range', (at) => withPosition(at, 50), /no usable verdict/],
	['is negative', (at) => withPosition(at, -1), /no usable verdict/],
	['is a fraction', (at) => withPosition(at, 0.5), /no usable verdict/],
	['is a text', (at) => withPosition(at, String(at)), /no usable verdict/],
	['is null', (at) => withPosition(at, null), /no usable verdict/],
	['holds an error', withFailedEntry, /cannot decode image/],
	[
		'holds an error beside a verdict',
		(at) => withEntry(at, (entry) => ({ ...entry, error: 'cut off' })),
		/cut off/,
	],
	['holds a detail', (at) => withFailedEntry(at, { detail: 'too blurred' }), /too blurred/],
	['holds a status', (at) => withFailedEntry(at, { status: 'failed' }), /status failed/],
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
		'has a verdict in words',
		(at) => withEntry(at, (entry) => ({ ...entry, isAI: 'true' })),
		/no usable verdict/,
	],
])(
	'where a position %s, its item alone fails, with reason and request ID',
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
		// The files with verdicts are not sent and charged again.
		expect(bench.emulator.batchRequests.slice(1).every(({ files }) => files.length === 1)).toBe(
			true,
		);
		expect(bench.emulator.batchRequests.length).toBeLessThanOrEqual(2);
	},
);

test("a position that two entries claim doesn't affect others, and a missing one arrives the second time", async () => {
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

test("with 'Stop' a file without a verdict ends the run with the item's number and the request ID", async () => {
	breakFor(withFailedEntry);
	const result = await bench.run(items, [imageNode()]);
	expect(result.error?.message).toMatch(
		/cannot decode image \(9 of 10 files had verdicts\) \[item 4\]$/,
	);
	const { requestId } = bench.emulator.batchRequests[0]!;
	expect((result.error as any).description).toContain(requestId);
});

test('a verdict and a confidence that contradict each other are output as they came, with a hint', async () => {
	breakFor((at) => withEntry(at, (entry) => ({ ...entry, isAI: false, confidence: 0.9 })));
	const result = await bench.run(items, [imageNode()]);
	expect(result.items[BAD]?.json).toMatchObject({ isAI: false, confidence: 0.9 });
	expect(result.hintsOf('Batch Image Detect')[0]?.message).toContain('contradict');
});

test('one of two files of an item without a verdict fails the item and keeps the other verdict', async () => {
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
	'an answer that is %s throughout fails all items in words',
	async (kind) => {
		bench.emulator.misbehave(() => ({ kind }));
		const node = imageNode({ options: { maxRetries: 1 } });
		const { good, bad } = await bench.runWithErrorOutput(items, node);
		expect(good).toEqual([]);
		expect(bad).toHaveLength(items.length);
		for (const { json } of bad) expect(json.error).toMatch(/could not be understood|was lost/);
	},
);
