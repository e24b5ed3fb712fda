import type { Reply } from './exchange';
import type { Failure } from './failures';
import type { Verdict } from './response';
import type { RunCounts } from './run';

/** What became of a file: the API's verdict, or why there is none. */
export type Outcome = (
	{ verdict: Verdict; failure?: undefined } | { verdict?: undefined; failure: Failure }
) & {
	/** It is that of another file of the same content, which alone was sent. */
	reused?: true;
};

export interface DetectResult {
	/** One for each file, in the files' order. */
	outcomes: Outcome[];
	counts: RunCounts;
	/** Index of the first file that failed, where that ended the run. */
	stoppedAt: number | undefined;
}

/** A batch of the run has ended, repeats included. */
export interface BatchEvent {
	/** Batches that have ended, this one among them, and in all as far as can be told now. */
	batch: number;
	batches: number;
	files: number;
	result: Reply['kind'];
	failure: Failure | undefined;
	milliseconds: number;
	/** Files with an outcome so far, and in all. */
	settled: number;
	total: number;
	counts: Readonly<RunCounts>;
}
