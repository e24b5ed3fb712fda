import type { Memory } from '../../../../../client/batching/deduplication';
import type { TestFile } from '../../../../integration/support/files';
import { check, fail, filesOf, fresh, hashOf, reused, verdictOf } from './scene';

describe('memory', () => {
	function memoryOf(letters: string) {
		const known = new Map(filesOf(letters).map((file) => [hashOf(file), verdictOf(file.name)]));
		const fingerprints = new Set(filesOf(letters).map(({ fingerprint }) => fingerprint));
		const remembered: string[] = [];
		const memory: Memory = {
			mayKnow: (fingerprint) => fingerprints.has(fingerprint),
			recall: (hash) => known.get(hash),
			remember: (hash, fingerprint, { confidence }) => {
				remembered.push(`${hash} ${fingerprint} ${confidence}`);
			},
		};
		return { memory, remembered };
	}
	const note = (file: TestFile) =>
		`${hashOf(file)} ${file.fingerprint} ${verdictOf(file.name).confidence}`;

	it.each([true, false])(
		'sends no file that is remembered (deduplication: %s)',
		async (deduplicate) => {
			const { memory, remembered } = memoryOf('Aa');
			const files = filesOf('AabB');
			const { rounds, outcomes } = await check(files, { memory, deduplicate });
			expect(rounds.flat().toSorted()).toEqual([2, 3]);
			expect(outcomes).toEqual([reused('A'), reused('a'), fresh('b'), fresh('B')]);
			// A verdict from memory is not remembered again: otherwise it would never expire.
			expect(remembered.toSorted()).toEqual([note(files[2]!), note(files[3]!)].toSorted());
			// No file is read twice, and only those that may be known are read before they are sent.
			expect(files[3]?.opened).toBe(1);
		},
	);

	it('remembers verdicts, but no failures', async () => {
		const { memory, remembered } = memoryOf('');
		const files = filesOf('ABC');
		const { outcomes } = await check(files, {
			memory,
			outcomeOf: (index) => (index === 1 ? fail({ kind: 'fileRefused' }) : undefined),
		});
		expect(outcomes).toHaveLength(3);
		expect(remembered).toEqual([note(files[0]!), note(files[2]!)]);
	});

	it('remembers what was paid for even if the run ends with an error', async () => {
		const { memory, remembered } = memoryOf('');
		const files = filesOf('AB');
		const checking = check(files, {
			memory,
			outcomeOf: (index) => {
				if (index === 1) throw new Error('canceled');
				return undefined;
			},
		});
		await expect(checking).rejects.toThrow('canceled');
		expect(remembered).toEqual([note(files[0]!)]);
	});

	it("doesn't read files that already have an outcome", async () => {
		const { memory } = memoryOf('A');
		const files = filesOf('A');
		const known = { 0: fail({ kind: 'fileRefused' }) };
		const { outcomes } = await check(files, { memory, known, deduplicate: false });
		expect(outcomes).toEqual([known[0]]);
		expect(files[0]?.opened).toBe(0);
	});
});
