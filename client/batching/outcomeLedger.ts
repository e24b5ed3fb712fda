import type { SourceFile } from '../files/sourceFile';
import type { Failure } from '../model/failures';
import type { DetectResult, Outcome, RunCounts } from '../model/outcome';

/** The outcome of each file of a run. A file's first outcome is final. */
export class OutcomeLedger {
	/** Files that have an outcome. */
	settled = 0;
	/** The first file that failed, if that ended the run. */
	stoppedAt: number | undefined;
	private readonly outcomes: (Outcome | undefined)[];

	/** @param stop ends the run, if the first failed file is to end it */
	constructor(
		private readonly files: readonly Pick<SourceFile, 'release'>[],
		private readonly stop?: (failure: Failure) => void,
	) {
		this.outcomes = files.map(() => undefined);
	}

	outcomeOf(file: number): Outcome | undefined {
		return this.outcomes[file];
	}

	isOpen(file: number): boolean {
		return this.outcomes[file] === undefined;
	}

	settle(file: number, outcome: Outcome): void {
		if (!this.isOpen(file)) return;
		this.outcomes[file] = outcome;
		this.settled++;
		this.files[file]?.release?.();
	}

	fail(file: number, failure: Failure): void {
		this.settle(file, { failure });
		if (!this.stop) return;
		this.stoppedAt ??= file;
		this.stop(failure);
	}

	failAll(files: readonly number[], failure: Failure): void {
		for (const file of files) this.fail(file, failure);
	}

	/** @param unsent the failure for files without an outcome */
	result(counts: RunCounts, unsent: Failure): DetectResult {
		const outcomes = this.outcomes.map((outcome) => outcome ?? { failure: unsent });
		return { outcomes, counts, stoppedAt: this.stoppedAt };
	}
}
