import type { Failure } from '../model/failures';
import type { BatchHistory } from '../sending/batchHistory';
import type { Run } from '../sending/runContext';
import { halves } from './bisection';
import type { Batch } from './fileQueue';

/** Parts that may fail in a row while the service gives no sign, before it counts as down. */
const MAX_SILENT = {
	ifUnknown: 2,
	ifAlive: 4,
	/** When nothing else is left to be sent: the way down to a single file, both halves at each step. */
	atLast: 12,
};

/** Wait after a failed part, doubling: the file in it may have brought the server down for a moment. */
const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 4_000;

/** A batch that has failed, retries included. */
export interface FailedBatch {
	batch: Batch;
	failure: Failure;
	history: BatchHistory;
	/** It says something of the whole service. */
	isSevere?: boolean;
	/** One file in it may be the reason. */
	mayBeAFile?: boolean;
}

export interface FaultSearchContext {
	/** Sends a batch once, and tells if it failed. */
	send: (batch: Batch, history: BatchHistory) => Promise<{ failed?: FailedBatch }>;
	/** Gives the files of a batch up. */
	fail: (failed: FailedBatch) => void;
}

/** How a search goes on: what is left to look into, and what the service has said meanwhile. */
interface Search {
	left: FailedBatch[];
	signs: number;
	/** Parts in a row that have failed without a sign in between. */
	silent: number;
	maxSilent: number;
}

/**
 * Finds the file on which the server fails each time (500, 502, 504, a lost connection) and gets the
 * others in its batch their verdicts, at the price of 2·log2(n) requests. It goes on only while the
 * service answers something: an outage looks the same from here, and must not be met with more load.
 */
export class FaultSearch {
	/** Batches that wait for a sign of the service, and its signs when they were put aside. */
	private aside: (FailedBatch & { signs: number })[] = [];
	private searching: Promise<void> = Promise.resolve();

	constructor(
		private readonly run: Run,
		private readonly context: FaultSearchContext,
	) {}

	/** Looks into a batch that has used up its retries, but for those that are kept for its halves. */
	async begin(failed: FailedBatch): Promise<void> {
		const { history } = failed;
		const isAlive = history.isServiceAlive(this.run.service.signs);
		const mayTry = history.maxRetries > history.sharedRetries && this.takeBudget(history);
		if (isAlive) await this.search(failed, MAX_SILENT.ifAlive);
		else if (mayTry) await this.search(failed, MAX_SILENT.ifUnknown);
		else this.putAside(failed);
	}

	/** Goes on with what was put aside, if the service has answered meanwhile. */
	async resume(): Promise<void> {
		const { signs } = this.run.service;
		const alive = this.aside.filter((each) => each.signs < signs);
		this.aside = this.aside.filter((each) => each.signs >= signs);
		for (const failed of alive) await this.search(failed, MAX_SILENT.ifAlive);
	}

	/** Looks into what is left, if the service has answered since it failed first, and gives up the rest. */
	async finish(): Promise<void> {
		for (const failed of this.aside.splice(0)) {
			const isAlive = failed.history.isServiceAlive(this.run.service.signs);
			if (isAlive) await this.search(failed, MAX_SILENT.atLast);
			else this.context.fail(failed);
		}
		for (const failed of this.aside.splice(0)) this.context.fail(failed);
	}

	/** One at a time: what one brings down must not be held against the files of another. */
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
			// What failed while nothing else was answered proves nothing yet.
			if (search.silent < search.maxSilent) continue;
			for (const unclear of search.left.splice(0)) this.putAside(unclear);
		}
	}

	private async look(search: Search, whole: FailedBatch, part: Batch): Promise<void> {
		const first = await this.send(search, whole, part);
		if (!first) return;
		const isSingle = part.files.length === 1;
		if (!first.mayBeAFile) return this.context.fail(first);
		// The whole batch's history tells whether the service has answered since it failed first.
		const unclear = { ...first, history: whole.history };
		if (!isSingle || search.silent >= search.maxSilent) {
			search.left.unshift(unclear);
			return;
		}
		// What another file did to the server may have hit this one.
		const second = await this.send(search, whole, part);
		if (second) this.context.fail(second);
	}

	/** Returns nothing if the part was answered. */
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
		// The first failure ends such a run: nothing else will be sent that could tell more.
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
