import { Deduplication, type Memory } from '../../../../../client/batching/deduplication';
import { OutcomeLedger } from '../../../../../client/batching/outcomeLedger';
import { PNG } from '../../../../../client/files/fileType';
import type { SourceFile } from '../../../../../client/files/sourceFile';
import type { Failure } from '../../../../../client/model/failures';
import { NO_COUNTS, type Outcome, type Verdict } from '../../../../../client/model/outcome';
import type { RunSettings } from '../../../../../client/sending/runContext';
import { fileOf, type TestFile } from '../../../../integration/support/files';
import { testRun } from '../../testRun';

/** Contents of one length and beginning. Only their last letter differs. */
const contentOf = (letter: string) => Buffer.from('x'.repeat(600) + letter);

/**
 * One file per letter. Equal letters are copies. All small letters share a fingerprint; each capital
 * letter has its own.
 */
export function filesOf(letters: string): TestFile[] {
	return Array.from(letters, (letter) => {
		const isCapital = letter !== letter.toLowerCase();
		const content = isCapital ? Buffer.from(`X${letter}`) : contentOf(letter);
		return fileOf(letter, PNG, content);
	});
}

export const hashOf = ({ sha256 }: TestFile) => Buffer.from(sha256, 'hex').toString('base64');
export const verdictOf = (letter: string): Verdict => ({
	isAI: true,
	confidence: (letter.toLowerCase().charCodeAt(0) - 96) / 100,
	batchPosition: 0,
});

export interface Scene {
	deduplicate?: boolean;
	memory?: Memory;
	settings?: Partial<RunSettings>;
	/** Files that have an outcome before the check. */
	known?: Readonly<Record<number, Outcome>>;
	/** The outcome of a file that is sent. Default: the verdict of its letter. */
	outcomeOf?: (index: number, time: number) => Outcome | undefined;
	/** The first request stops the run. */
	isStopped?: boolean;
}

/** Checks files with a scheduler that reads and settles them, and reports which were sent together. */
export async function check(files: readonly (TestFile | SourceFile)[], scene: Scene = {}) {
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

export const fail = (failure: Failure): Outcome => ({ failure });
export const fresh = (letter: string): Outcome => ({ verdict: verdictOf(letter) });
export const reused = (letter: string): Outcome => ({ verdict: verdictOf(letter), reused: true });
