import { Deduplication, type Memory } from '../../../../client/batching/deduplication';
import { OutcomeLedger } from '../../../../client/batching/outcomeLedger';
import { PNG } from '../../../../client/files/fileType';
import type { SourceFile } from '../../../../client/files/sourceFile';
import type { Failure } from '../../../../client/model/failures';
import { NO_COUNTS, type Outcome, type Verdict } from '../../../../client/model/outcome';
import type { RunSettings } from '../../../../client/sending/runContext';
import { fileOf, type TestFile } from '../../../integration/support/files';
import { testRun } from '../testRun';

/** Of one length and beginning; the last letter tells one content from another. */
const contentOf = (letter: string) => Buffer.from('x'.repeat(600) + letter);

/** One for each letter: equal letters are copies; capitals and small letters share no fingerprint. */
function filesOf(letters: string): TestFile[] {
	return Array.from(letters, (letter) => {
		const isCapital = letter !== letter.toLowerCase();
		const content = isCapital ? Buffer.from(`X${letter}`) : contentOf(letter);
		return fileOf(letter, PNG, content);
	});
}

const hashOf = ({ sha256 }: TestFile) => Buffer.from(sha256, 'hex').toString('base64');
const verdictOf = (letter: string): Verdict => ({
	isAI: true,
	confidence: (letter.toLowerCase().charCodeAt(0) - 96) / 100,
	batchPosition: 0,
});

interface Scene {
	deduplicate?: boolean;
	memory?: Memory;
	settings?: Partial<RunSettings>;
	/** Outcomes that files have before. */
	known?: Readonly<Record<number, Outcome>>;
	/** What comes of a file that is sent; default: the verdict of its letter. */
	outcomeOf?: (index: number, time: number) => Outcome | undefined;
	/** The run's first request ends it. */
	isStopped?: boolean;
}

/** Checks files with a scheduler that reads and settles them, and tells which were sent when. */
async function check(files: readonly (TestFile | SourceFile)[], scene: Scene = {}) {
	const { deduplicate = true, memory, known = {}, settings, isStopped } = scene;
	const { run } = testRun(settings);
	const ledger = new OutcomeLedger(files);
	const deduplication = new Deduplication(files, run, ledger, { deduplicate, memory });
	Object.entries(known).forEach(([index, outcome]) => ledger.settle(Number(index), outcome));
	const rounds: (readonly number[])[] = [];
	const scheduler = {
		check: async (indices: readonly number[]) => {
			if (indices.length > 0) rounds.push(indices);
			for (const index of indices) {
				const file = deduplication.files[index] as SourceFile;
				const given = scene.outcomeOf?.(index, rounds.length);
				if (given?.failure?.kind !== 'fileUnreadable') await readAll(file);
				ledger.settle(index, given ?? { verdict: verdictOf(file.name) });
			}
			if (isStopped) run.stop({ kind: 'forbidden' });
		},
	};
	await deduplication.check(scheduler);
	const { outcomes } = ledger.result(NO_COUNTS, { kind: 'notSent' });
	return { rounds, outcomes, run };
}

async function readAll(file: SourceFile): Promise<void> {
	const reader = await file.open(new AbortController().signal);
	await reader.read(Buffer.alloc(1_000));
	await reader.close();
}

const fail = (failure: Failure): Outcome => ({ failure });
const fresh = (letter: string): Outcome => ({ verdict: verdictOf(letter) });
const reused = (letter: string): Outcome => ({ verdict: verdictOf(letter), reused: true });

it.each([
	['files that differ', 'ABC', [[0, 1, 2]]],
	['a copy', 'AAB', [[0, 2]]],
	['files that only begin alike', 'aab', [[0], [2]]],
	['copies that are not neighbors', 'abab', [[0], [1]]],
	['no file at all', '', []],
])('sends each content once: %s', async (_, letters, rounds) => {
	const files = filesOf(letters);
	const result = await check(files);
	expect(result.rounds).toEqual(rounds);
	const seen = new Set<string>();
	const expected = Array.from(letters, (letter) => {
		const isFirst = !seen.has(letter);
		seen.add(letter);
		return isFirst ? fresh(letter) : reused(letter);
	});
	expect(result.outcomes).toEqual(expected);
	// What is sent is hashed meanwhile, and what is not sent is read for its hash alone.
	const once = files.filter((_, index) => index === 0 || result.outcomes[index]?.reused);
	expect(once.every(({ opened }) => opened === 1)).toBe(true);
});

it('sends each file if copies are wanted, too, and hashes none', async () => {
	const files = filesOf('AAa');
	const { rounds, outcomes } = await check(files, { deduplicate: false });
	expect(rounds).toEqual([[0, 1, 2]]);
	expect(outcomes.some((outcome) => outcome.reused)).toBe(false);
	const { run } = testRun();
	const options = { deduplicate: false, memory: undefined };
	expect(new Deduplication(files, run, new OutcomeLedger(files), options).files).toEqual(files);
});

it('sends files without a fingerprint, each by itself', async () => {
	const files = filesOf('AA').map((file) => ({ ...file, fingerprint: undefined }));
	expect((await check(files)).rounds).toEqual([[0, 1]]);
});

describe('a file that fails', () => {
	const refused: Failure = { kind: 'fileRefused', serverMessage: 'no' };

	it.each<Failure>([refused, { kind: 'fileTooLarge' }])(
		'$kind: its copies would fail, too, and are not sent',
		async (failure) => {
			const { rounds, outcomes } = await check(filesOf('AAA'), { outcomeOf: () => fail(failure) });
			expect(rounds).toEqual([[0]]);
			const copy = { failure, reused: true };
			expect(outcomes).toEqual([{ failure }, copy, copy]);
		},
	);

	it('for another reason: one copy is tried, and tells for all others', async () => {
		const failure: Failure = { kind: 'unavailable' };
		const once = await check(filesOf('AAAA'), {
			outcomeOf: (index) => (index === 0 ? fail(failure) : undefined),
		});
		expect(once.rounds).toEqual([[0], [1]]);
		expect(once.outcomes).toEqual([fail(failure), fresh('A'), reused('A'), reused('A')]);
		const twice = await check(filesOf('AAAA'), { outcomeOf: () => fail(failure) });
		expect(twice.rounds).toEqual([[0], [1]]);
		const copy = { failure, reused: true };
		expect(twice.outcomes).toEqual([{ failure }, { failure }, copy, copy]);
	});

	it.each<Failure>([{ kind: 'fileChanged' }, { kind: 'fileUnreadable' }])(
		'$kind: that is the copy’s alone, and the next one is tried, however often',
		async (failure) => {
			const { rounds, outcomes } = await check(filesOf('AAAAA'), {
				outcomeOf: (index) => (index < 3 ? fail(failure) : undefined),
			});
			expect(rounds).toEqual([[0], [1], [2], [3]]);
			expect(outcomes.slice(2)).toEqual([fail(failure), fresh('A'), reused('A')]);
		},
	);
});

it('sends a file that can’t be hashed', async () => {
	const files: TestFile[] = filesOf('AAA');
	const [, broken] = files as [TestFile, TestFile, TestFile];
	broken.open = async () => {
		throw new Error('gone');
	};
	const failure: Failure = { kind: 'fileUnreadable' };
	const { rounds, outcomes } = await check(files, {
		outcomeOf: (index) => (index === 1 ? fail(failure) : undefined),
	});
	expect(rounds).toEqual([[0], [1]]);
	expect(outcomes).toEqual([fresh('A'), { failure }, reused('A')]);
});

/** Can't be opened until it has been tried once. */
function breakOnce(file: TestFile): void {
	const open = file.open.bind(file);
	file.open = async () => {
		file.open = open;
		throw new Error('not yet');
	};
}

it('bug: takes no two files for copies because neither could be hashed', async () => {
	const files: TestFile[] = filesOf('abc');
	files.slice(1).forEach(breakOnce);
	const { rounds, outcomes } = await check(files);
	expect(rounds).toEqual([[0], [1, 2]]);
	expect(outcomes).toEqual([fresh('a'), fresh('b'), fresh('c')]);
});

it('hashes all copies, however many of them can’t be read', async () => {
	expect((await check(filesOf('AAAAAA'))).rounds).toEqual([[0]]);
	const files: TestFile[] = filesOf('AAAAAA');
	files.slice(1, 4).forEach(breakOnce);
	expect((await check(files)).rounds).toEqual([[0], [1, 2, 3]]);
});

it('reads no copies once the run is stopped', async () => {
	const files = filesOf('AA');
	const { rounds, outcomes } = await check(files, { isStopped: true });
	expect(rounds).toEqual([[0]]);
	expect(files[1]?.opened).toBe(0);
	expect(outcomes[1]).toEqual({ failure: { kind: 'notSent' } });
});

it('stops between two copies', async () => {
	const failure: Failure = { kind: 'unavailable' };
	const scene = { outcomeOf: () => fail(failure), known: { 0: fail(failure) } };
	expect((await check(filesOf('AAA'), scene)).rounds).toEqual([[1]]);
	const stopped = await check(filesOf('aabbb'), {
		outcomeOf: (_, time) => (time === 1 ? fail(failure) : undefined),
	});
	expect(stopped.rounds).toEqual([[0], [1, 2]]);
});

it('is canceled while it reads copies', async () => {
	const files = filesOf('AA');
	const { run } = testRun();
	const ledger = new OutcomeLedger([{}, {}]);
	const options = { deduplicate: true, memory: undefined };
	const scheduler = {
		check: async () => {
			ledger.settle(0, fresh('A'));
			run.abort(new Error('canceled'));
		},
	};
	const checking = new Deduplication(files, run, ledger, options).check(scheduler);
	await expect(checking).rejects.toThrow('canceled');
	expect(files[1]?.opened).toBe(0);
});

it('gives a known outcome to copies, and sends none of them', async () => {
	const { rounds, outcomes } = await check(filesOf('AAB'), { known: { 1: fresh('A') } });
	expect(rounds).toEqual([[2]]);
	expect(outcomes).toEqual([reused('A'), fresh('A'), fresh('B')]);
});

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
		'sends nothing that is remembered (each once: %s)',
		async (deduplicate) => {
			const { memory, remembered } = memoryOf('Aa');
			const files = filesOf('AabB');
			const { rounds, outcomes } = await check(files, { memory, deduplicate });
			expect(rounds.flat().toSorted()).toEqual([2, 3]);
			expect(outcomes).toEqual([reused('A'), reused('a'), fresh('b'), fresh('B')]);
			// What was remembered before is not remembered anew, or it would never run out.
			expect(remembered.toSorted()).toEqual([note(files[2]!), note(files[3]!)].toSorted());
			// Nothing is read twice, and only those that may be known are read before.
			expect(files[3]?.opened).toBe(1);
		},
	);

	it('remembers no failure, and no file that was not read to its end', async () => {
		const { memory, remembered } = memoryOf('');
		const files = filesOf('ABC');
		const { outcomes } = await check(files, {
			memory,
			outcomeOf: (index) => (index === 1 ? fail({ kind: 'fileRefused' }) : undefined),
		});
		expect(outcomes).toHaveLength(3);
		expect(remembered).toEqual([note(files[0]!), note(files[2]!)]);
	});

	it('keeps what was paid for if the run ends with an error', async () => {
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

	it('looks into no file that has an outcome already', async () => {
		const { memory } = memoryOf('A');
		const files = filesOf('A');
		const known = { 0: fail({ kind: 'fileRefused' }) };
		const { outcomes } = await check(files, { memory, known, deduplicate: false });
		expect(outcomes).toEqual([known[0]]);
		expect(files[0]?.opened).toBe(0);
	});
});

describe('storage that does not answer', () => {
	it('is waited for three times, then files are sent unhashed', async () => {
		const files = filesOf('aaaaaa');
		const stall = async () => await new Promise<never>(() => {});
		for (const file of files.slice(1)) {
			file.open = async () => {
				file.opened++;
				return await stall();
			};
		}
		const { outcomes, run } = await check(files, {
			settings: { timeoutMs: 1 },
			outcomeOf: (index) => (index > 0 ? fail({ kind: 'fileUnreadable' }) : undefined),
		});
		expect(files.slice(1).map(({ opened }) => opened)).toEqual([1, 1, 1, 0, 0]);
		expect(outcomes[5]).toEqual({ failure: { kind: 'fileUnreadable' } });
		expect(run.rings.take()).toBeDefined();
	});
});
