import type { Failure } from '../model/failures';
import type { BatchHistory } from '../sending/batchHistory';
import type { Run } from '../sending/runContext';
import { halves } from './bisection';
import type { Batch } from './fileQueue';

/** Parts that may fail in a row, without a response in between, before the service counts as down. */
const MAX_SILENT = {
	ifUnknown: 2,
	ifAlive: 4,
	/** At the end of the run: enough to halve a batch down to one file, both halves at each step. */
	atLast: 12,
};

/** Pause after a failed part, doubling: the server may need a moment to recover from the file. */
const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 4_000;

/** A batch that has failed after its retries. */
export interface FailedBatch {
	batch: Batch;
	failure: Failure;
	history: BatchHistory;
	/** The failure concerns the whole service. */
	isSevere?: boolean;
	/** One of its files may be the cause. */
	mayBeAFile?: boolean;
}

interface FaultSearchContext {
	/** Sends a batch once, and reports whether it failed. */
	send: (batch: Batch, history: BatchHistory) => Promise<{ failed?: FailedBatch }>;
	/** Records the failure for all files of a batch. */
	fail: (failed: FailedBatch) => void;
}

/** The state of a search. */
interface Search {
	/** Parts that are left to search. */
	left: FailedBatch[];
	/** Signs of life that the service had given when they were counted last. */
	signs: number;
	/** Parts in a row that have failed without a sign of life in between. */
	silent: number;
	maxSilent: number;
}

/**
 * Finds a file on which the server fails each time (500, 502, 504, a lost connection), and gets the
 * other files of its batch their verdicts, with about 2·log2(n) requests. It continues only while the
 * service responds to something: an outage looks the same, and must not cause more load.
 */
export class FaultSearch {
	/** Batches that wait for a sign of life, with the number of signs when they were put aside. */
	private aside: (FailedBatch & { signs: number })[] = [];
	private searching: Promise<void> = Promise.resolve();

	constructor(
		private readonly run: Run,
		private readonly context: FaultSearchContext,
	) {}

	/** Searches a batch that has used up its retries, except those reserved for its halves. */
	async begin(failed: FailedBatch): Promise<void> {
		const { history } = failed;
		const isAlive = history.isServiceAlive(this.run.service.signs);
		const mayTry = history.maxRetries > history.sharedRetries && this.takeBudget(history);
		if (isAlive) await this.search(failed, MAX_SILENT.ifAlive);
		else if (mayTry) await this.search(failed, MAX_SILENT.ifUnknown);
		else this.putAside(failed);
	}

	/** Continues with batches that were put aside, if the service has responded since. */
	async resume(): Promise<void> {
		const { signs } = this.run.service;
		const alive = this.aside.filter((each) => each.signs < signs);
		this.aside = this.aside.filter((each) => each.signs >= signs);
		for (const failed of alive) await this.search(failed, MAX_SILENT.ifAlive);
	}

	/** Searches the rest if the service has responded since the first failure; otherwise fails it. */
	async finish(): Promise<void> {
		for (const failed of this.aside.splice(0)) {
			const isAlive = failed.history.isServiceAlive(this.run.service.signs);
			if (isAlive) await this.search(failed, MAX_SILENT.atLast);
			else this.context.fail(failed);
		}
		for (const failed of this.aside.splice(0)) this.context.fail(failed);
	}

	/** One search at a time: a crash that one part causes must not be blamed on another part. */
	private async search(failed: FailedBatch, maxSilent: number): Promise<void> {
		const search = this.searching.then(async () => await this.searchNow(failed, maxSilent));
		this.searching = search.catch(() => {});
		await search;
	}

	private async searchNow(failed: FailedBatch, maxSilent: number): Promise<void> {
		const { signs } = this.run.service;
		const search: Search = { left: [failed], signs, silent: 1, maxSilent: maxSilent + 1 };
		for (let next = search.left.shift(); next; next = search.left.shift()) {
			if (this.run.stoppedBy) return;
			this.run.counts.split++;
			const parts = next.batch.files.length > 1 ? halves(next.batch) : [next.batch];
			for (const part of parts) await this.look(search, next, part);
			// Failures while the service responds to nothing prove nothing yet.
			if (search.silent < search.maxSilent) continue;
			for (const unclear of search.left.splice(0)) this.putAside(unclear);
		}
	}

	private async look(search: Search, whole: FailedBatch, part: Batch): Promise<void> {
		const first = await this.send(search, whole, part);
		if (!first) return;
		const isSingle = part.files.length === 1;
		if (!first.mayBeAFile) return this.context.fail(first);
		// The whole batch's history shows whether the service has responded since its first failure.
		const unclear = { ...first, history: whole.history };
		if (!isSingle || search.silent >= search.maxSilent) {
			search.left.unshift(unclear);
			return;
		}
		// Another file may have caused the crash, so try this one once more.
		const second = await this.send(search, whole, part);
		if (second) this.context.fail(second);
	}

	/** Returns undefined if the part got a response. */
	private async send(
		search: Search,
		{ history }: FailedBatch,
		part: Batch,
	): Promise<FailedBatch | undefined> {
		const { service } = this.run;
		if (search.silent > 0) await this.pause(search.silent);
		if (this.run.stoppedBy) return undefined;
		const { failed } = await this.context.send(part, history.part());
		if (service.signs > search.signs) {
			search.signs = service.signs;
			search.silent = 0;
			search.maxSilent = Math.max(search.maxSilent, MAX_SILENT.ifAlive);
		}
		if (failed) search.silent++;
		return failed;
	}

	private putAside(failed: FailedBatch): void {
		// No more requests will come that could show whether the service is alive.
		const isOver = this.run.settings.stopOnFailure || failed.isSevere || this.run.stoppedBy;
		if (isOver) this.context.fail(failed);
		else this.aside.push({ ...failed, signs: this.run.service.signs });
	}

	private async pause(failures: number): Promise<void> {
		const { clock, sending } = this.run;
		const step = Math.min(PAUSE_CAP_MS, PAUSE_BASE_MS * 2 ** (failures - 1));
		const waiting = clock.sleep(step * (0.5 + clock.random() / 2), sending);
		await waiting.catch((error: unknown) => {
			if (!this.run.stoppedBy) throw error;
		});
	}

	private takeBudget(history: BatchHistory): boolean {
		history.retryCost = this.run.budget.take('other');
		return history.retryCost > 0;
	}
}
