import type { BatchLimits } from './batches';
import { SYSTEM_CLOCK, type Clock } from './clock';
import type { Credentials } from './credentials';
import { Detection } from './detection';
import type { Reply } from './exchange';
import type { Failure } from './failures';
import type { Verdict } from './response';
import { Reuse, type Memory } from './reuse';
import { Run, type RunCounts, type RunSettings } from './run';
import type { SourceFile } from './sourceFile';

/** What became of a file: the API's verdict, or why there is none. */
export type Outcome = (
	{ verdict: Verdict; failure?: undefined } | { verdict?: undefined; failure: Failure }
) & {
	/** It is that of another file of the same content, which alone was sent. */
	reused?: true;
};

export interface DetectSettings extends RunSettings, BatchLimits {
	/** Files of the same content are sent once. Wants their fingerprints. */
	deduplicate: boolean;
}

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

export interface DetectContext {
	/** Cancels the run. */
	signal?: AbortSignal;
	onBatch?: (event: BatchEvent) => void;
	/** Verdicts of earlier runs. */
	memory?: Memory;
	/** Outcomes that files have already, in the files' order. These are not sent. */
	known?: readonly (Outcome | undefined)[];
	clock?: Clock;
}

/**
 * Asks BitMind about files: exactly one outcome for each of them, whatever happens. No file at all
 * means no request at all.
 *
 * @throws the signal's reason when the run is cancelled
 */
export async function detect(
	files: readonly SourceFile[],
	credentials: Credentials,
	settings: DetectSettings,
	{ signal, onBatch, memory, known = [], clock = SYSTEM_CLOCK }: DetectContext = {},
): Promise<DetectResult> {
	const run = new Run(credentials, settings, clock, signal);
	try {
		const reuse = new Reuse(files, run, settings.deduplicate, memory);
		const detection = new Detection(reuse.files, run, settings, onBatch);
		known.forEach((outcome, index) => outcome && detection.settleFile(index, outcome));
		await reuse.check(detection);
		return detection.result();
	} finally {
		await run.close();
	}
}
