import type { BatchLimits } from './batching/fileQueue';
import { SYSTEM_CLOCK, type Clock } from './timing/clock';
import type { Credentials } from './auth/credentials';
import { Detection } from './batching/batchScheduler';
import type { BatchEvent, DetectResult, Outcome } from './model/outcome';
import { Reuse, type Memory } from './batching/deduplication';
import { Run, type RunSettings } from './sending/runContext';
import type { SourceFile } from './files/sourceFile';

export type { BatchEvent, DetectResult, Outcome };

export interface DetectSettings extends RunSettings, BatchLimits {
	/** Files of the same content are sent once. Wants their fingerprints. */
	deduplicate: boolean;
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
