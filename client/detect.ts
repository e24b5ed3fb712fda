import type { Credentials } from './auth/credentials';
import { BatchScheduler } from './batching/batchScheduler';
import { Deduplication, type Memory } from './batching/deduplication';
import type { BatchLimits } from './batching/fileQueue';
import { OutcomeLedger } from './batching/outcomeLedger';
import type { SourceFile } from './files/sourceFile';
import type { EgressFilter } from './http/egress';
import type { BatchEvent, DetectResult, Outcome } from './model/outcome';
import { Run, type RunSettings } from './sending/runContext';
import { SYSTEM_CLOCK, type Clock } from './timing/clock';

export interface DetectSettings extends RunSettings, BatchLimits {
	/** Sends files with the same content only once. Needs their fingerprints. */
	deduplicate: boolean;
}

export interface DetectContext {
	/** Cancels the run. */
	signal?: AbortSignal | undefined;
	onBatch?: (event: BatchEvent) => void;
	/** Verdicts of earlier runs. */
	memory?: Memory | undefined;
	/** Outcomes that are known already, in the files' order. These files are not sent. */
	known?: readonly (Outcome | undefined)[];
	/** Limits where requests may go. Default: anywhere. */
	egress?: EgressFilter | undefined;
	clock?: Clock;
}

/**
 * Checks files with BitMind and returns exactly one outcome per file, whatever happens. Without files
 * it sends no request.
 *
 * @example
 * const credentials = parseCredentials(form, Date.now());
 * const { outcomes } = await detect(files, credentials, settings, { signal });
 * outcomes.forEach(({ verdict, failure }, index) => …);
 *
 * @throws the signal's reason when the run is canceled
 */
export async function detect(
	files: readonly SourceFile[],
	credentials: Credentials,
	settings: DetectSettings,
	context: DetectContext = {},
): Promise<DetectResult> {
	const { signal, onBatch, memory, known = [], egress, clock = SYSTEM_CLOCK } = context;
	const run = new Run(settings, { credentials, clock, signal, egress });
	const stop = settings.stopOnFailure ? run.stop.bind(run) : undefined;
	const ledger = new OutcomeLedger(files, stop);
	try {
		const { deduplicate } = settings;
		const deduplication = new Deduplication(files, run, ledger, { deduplicate, memory });
		const scheduler = new BatchScheduler(deduplication.files, run, {
			limits: settings,
			ledger,
			onBatch,
		});
		known.forEach((outcome, index) => outcome && ledger.settle(index, outcome));
		await deduplication.check(scheduler);
		const result = ledger.result(run.counts, run.stoppedBy ?? { kind: 'notSent' });
		return settings.evidence ? withHashes(result, deduplication) : result;
	} finally {
		await run.close();
	}
}

/** Adds the hashes of files that this run has read. Outcomes known from earlier attempts have theirs. */
function withHashes({ outcomes, ...rest }: DetectResult, known: Deduplication): DetectResult {
	const hashed = outcomes.map((outcome, index) => {
		const sha256 = known.hashOf(index);
		return sha256 ? { ...outcome, sha256 } : outcome;
	});
	return { ...rest, outcomes: hashed };
}
