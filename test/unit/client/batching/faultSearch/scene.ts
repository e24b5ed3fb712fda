import { FaultSearch, type FailedBatch } from '../../../../../client/batching/faultSearch';
import type { Batch } from '../../../../../client/batching/fileQueue';
import type { Failure } from '../../../../../client/model/failures';
import { BatchHistory } from '../../../../../client/sending/batchHistory';
import type { RunSettings } from '../../../../../client/sending/runContext';
import { testRun } from '../../testRun';

export const CRASH: Failure = { kind: 'unavailable', status: 500 };

/**
 * How the server treats a part of a batch: it responds, it fails and a file may be the cause, or it
 * refuses.
 */
export type Server = (files: readonly number[]) => 'responds' | 'fails' | 'refuses';

export const range = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

/** Fails on each batch with one of these files. */
export const failsOn =
	(...broken: number[]): Server =>
	(files) =>
		files.some((file) => broken.includes(file)) ? 'fails' : 'responds';
export const isDown: Server = () => 'fails';

export function scene(
	server: Server,
	settings: Partial<RunSettings> = {},
	random: () => number = () => 1,
) {
	const { run, clock } = testRun(settings, random);
	const sent: (readonly number[])[] = [];
	const failed: (readonly number[])[] = [];
	const waits: number[] = [];
	let lastEnd = clock.elapsed();
	const search = new FaultSearch(run, {
		send: async (batch, history) => {
			waits.push(clock.elapsed() - lastEnd);
			sent.push(batch.files);
			expect(history.sharedRetries).toBe(0);
			const end = server(batch.files);
			lastEnd = clock.elapsed();
			if (end === 'responds') {
				run.service.noteAnswer(clock.elapsed());
				return {};
			}
			return { failed: { batch, failure: CRASH, history, mayBeAFile: end === 'fails' } };
		},
		fail: ({ batch }) => failed.push(batch.files),
	});
	/** A batch that has just failed for the first time, by default with retries left for its halves. */
	const failedBatch = (batch: Partial<Batch>, more: Partial<FailedBatch> = {}): FailedBatch => {
		const history = new BatchHistory(4, 2);
		history.noteFailure(CRASH, run.service.signs);
		return {
			batch: { files: [], isFollowUp: false, ...batch },
			failure: CRASH,
			history,
			mayBeAFile: true,
			...more,
		};
	};
	return { run, search, sent, failed, waits, failedBatch };
}
