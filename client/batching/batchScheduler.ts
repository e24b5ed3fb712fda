import type { SourceFile } from '../files/sourceFile';
import type { Failure } from '../model/failures';
import type { BatchEvent } from '../model/outcome';
import { BatchHistory } from '../sending/batchHistory';
import type { Reply } from '../sending/reply';
import type { Run } from '../sending/runContext';
import { sendBatch, type Supervisor } from '../sending/sendBatch';
import { MultipartFraming } from '../upload/multipartFraming';
import { Bisection, type PartResult } from './bisection';
import { FaultSearch, type FailedBatch } from './faultSearch';
import { FileQueue, type Batch, type BatchLimits } from './fileQueue';
import type { OutcomeLedger } from './outcomeLedger';
import { recordReply, type Recorded } from './recordReply';
import { RefusalTracker } from './refusalTracker';

/** Retries of a batch that are reserved for its two halves. */
const RETRIES_FOR_HALVES = 2;

interface SchedulerContext {
	limits: BatchLimits;
	ledger: OutcomeLedger;
	onBatch: ((event: BatchEvent) => void) | undefined;
}

/** Sends the files of a run in batches, until each has its outcome or the run is stopped. */
export class BatchScheduler {
	private readonly ledger: OutcomeLedger;
	private readonly queue: FileQueue;
	private readonly tracker = new RefusalTracker();
	private readonly bisection: Bisection;
	private readonly faultSearch: FaultSearch;
	/** Each resolves to the error that ended it, if any. */
	private workers: Promise<Error | undefined>[] = [];
	private bisecting: Promise<void> | undefined;
	private batchesDone = 0;
	private underWay = 0;
	private lastRefusal: Failure | undefined;

	constructor(
		private readonly files: readonly SourceFile[],
		private readonly run: Run,
		private readonly context: SchedulerContext,
	) {
		this.ledger = context.ledger;
		const framing = new MultipartFraming(run.settings.kind.field);
		this.queue = new FileQueue(
			context.limits,
			(index) => framing.partLength(this.file(index)),
			framing.bodyLength([]),
		);
		const { stopOnFailure } = run.settings;
		this.bisection = new Bisection(
			{
				send: async (batch) => await this.sendPart(batch),
				another: () => (stopOnFailure ? undefined : this.next()),
				isStopped: () => run.stoppedBy !== undefined,
			},
			this.tracker,
		);
		this.faultSearch = new FaultSearch(run, {
			send: async (batch, history) => await this.send(batch, history),
			fail: (failed) => this.fail(failed),
		});
	}

	/** Checks the files at these indices. Ends when each has its outcome, or the run is stopped. */
	async check(indices: readonly number[]): Promise<void> {
		this.queue.putBack({ files: indices, isFollowUp: false });
		this.workers = [];
		this.addWorkers();
		let failure: Error | undefined;
		// Workers may be added while this loop waits for the first ones.
		for (const worker of this.workers) {
			const error = await worker;
			failure ??= error;
		}
		if (failure) throw failure;
		await this.faultSearch.finish();
	}

	/** Adds workers up to the number of requests that may be under way now. */
	private addWorkers(): void {
		while (this.workers.length < this.run.concurrency) {
			this.workers.push(
				this.work().then(
					() => undefined,
					(error: Error) => error,
				),
			);
		}
	}

	private async work(): Promise<void> {
		try {
			for (let batch = this.next(); batch; batch = this.next()) {
				await this.settle(batch);
				// A refused file will end this run, so don't pay for more files until it is found.
				if (this.run.settings.stopOnFailure) await this.bisecting;
				if (this.run.stoppedBy) return;
				await this.faultSearch.resume();
			}
		} catch (error) {
			this.run.abort(error);
			throw error;
		}
	}

	/** The next batch: a file from elsewhere if nothing is accepted, a single file if most are refused. */
	private next(): Batch | undefined {
		const { looksElsewhere, mostAreRefused, nextPlace } = this.tracker;
		if (looksElsewhere) return this.queue.takeOne(nextPlace);
		return this.queue.next(mostAreRefused ? 1 : undefined);
	}

	/** Sends a batch, and splits it if it is refused. */
	private async settle(batch: Batch): Promise<void> {
		const result = await this.sendPart(batch);
		if (result === 'refused' && batch.files.length > 1) {
			this.run.counts.split++;
			this.bisecting = this.bisection.split(batch);
			await this.bisecting;
		}
	}

	/** Sends a batch. If several files are refused together, their outcomes stay open. */
	private async sendPart(batch: Batch): Promise<PartResult> {
		const { maxRetries } = this.run.settings;
		const keepsSome = batch.files.length > 1 && maxRetries >= RETRIES_FOR_HALVES;
		const shared = keepsSome ? maxRetries - RETRIES_FOR_HALVES : maxRetries;
		const { result, failed } = await this.send(batch, new BatchHistory(maxRetries, shared));
		if (failed?.mayBeAFile && batch.files.length > 1) await this.faultSearch.begin(failed);
		else if (failed) this.fail(failed);
		return result;
	}

	/** Sends a batch. If it is refused or fails as a whole, the outcomes of its files stay open. */
	private async send(
		batch: Batch,
		history: BatchHistory,
	): Promise<{ result: PartResult; failed?: FailedBatch }> {
		if (this.run.stoppedBy) return { result: 'other' };
		const start = this.run.clock.elapsed();
		const files = batch.files.map((index) => this.file(index));
		const supervisor = this.supervisor(files.length);
		this.underWay++;
		const reply = await sendBatch(this.run, files, history, supervisor).finally(() => {
			this.underWay--;
		});
		if (this.tracker.isHopeless) this.run.stop({ ...this.lastRefusal, kind: 'everythingRefused' });
		const recorded = recordReply(reply, batch, {
			run: this.run,
			ledger: this.ledger,
			isDoubtful: !this.tracker.wasAccepted && files.length < this.files.length,
		});
		if (reply.kind !== 'unsent') this.report(reply, batch, start);
		this.addWorkers();
		await this.followUp(recorded, batch);
		if (reply.kind !== 'failed') return { result: resultOf(reply) };
		const failed = { batch, history, ...reply };
		return { result: 'other', failed };
	}

	/** Sends files again that have no outcome yet, in smaller batches or without the broken file. */
	private async followUp({ again, smaller, rest }: Recorded, batch: Batch): Promise<void> {
		if (smaller) {
			this.queue.learnTooLarge(batch.files);
			this.run.counts.split++;
			this.queue.putBack(batch);
		}
		if (rest) this.queue.putBack({ ...batch, files: rest });
		if (again) {
			this.run.counts.followUps++;
			await this.settle({ files: again, isFollowUp: true });
		}
	}

	private fail({ batch, failure, isSevere, history }: FailedBatch): void {
		const { run } = this;
		// A batch with several attempts has been failing for a while already.
		const sentAt = history.attempts > 1 ? Infinity : history.sentAt;
		const isOver = isSevere && run.service.noteSevere(sentAt, run.clock.elapsed());
		if (isOver) run.stop(failure);
		const known = isOver && run.stoppedBy ? run.stoppedBy : failure;
		this.ledger.failAll(batch.files, known);
	}

	private supervisor(files: number): Supervisor {
		const { tracker } = this;
		return {
			get wantsAlone() {
				return tracker.hasOnlyRefusals;
			},
			get forbids() {
				return tracker.isHopeless;
			},
			note: (reply) => {
				if (reply.kind === 'answered') tracker.noteAccepted(files);
				if (reply.kind !== 'refused') return;
				tracker.noteRefused(files);
				this.lastRefusal = reply.failure;
			},
		};
	}

	private report(reply: Reply, { files }: Batch, start: number): void {
		const batch = ++this.batchesDone;
		this.context.onBatch?.({
			batch,
			batches: batch + this.underWay + this.queue.batchesLeft,
			files: files.length,
			result: reply.kind,
			failure: 'failure' in reply ? reply.failure : undefined,
			milliseconds: Math.round(this.run.clock.elapsed() - start),
			settled: this.ledger.settled,
			total: this.files.length,
			counts: this.run.counts,
		});
	}

	private file(index: number): SourceFile {
		return this.files[index] as SourceFile;
	}
}

function resultOf(reply: Reply): PartResult {
	if (reply.kind === 'answered') return 'accepted';
	return reply.kind === 'refused' ? 'refused' : 'other';
}
