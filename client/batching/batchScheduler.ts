import { WaitingFiles, type BatchLimits, type Group } from './fileQueue';
import { Division } from './bisection';
import { exchange, type Reply } from '../sending/sendBatch';
import { NOTHING_ACCEPTED, type Failure } from '../model/failures';
import { MultipartFraming } from '../upload/multipartFraming';
import type { BatchEvent, DetectResult, Outcome } from '../model/outcome';
import type { BatchAnswer } from '../response/batchResponse';
import { RunStopped, type Run } from '../sending/runContext';
import type { SourceFile } from '../files/sourceFile';
import { MOST_UNTRIED, Suspicion, type Judgement } from './refusalTracker';

/** Sends files and sees to it that each of them gets its outcome, whatever the server does. */
export class Detection {
	private readonly outcomes: (Outcome | undefined)[];
	private readonly waiting: WaitingFiles;
	private readonly suspicion = new Suspicion();
	private readonly division: Division;
	/** Each ends with nothing, or with what went wrong. */
	private workers: Promise<Error | undefined>[] = [];
	private dividing: Promise<void> | undefined;
	private settled = 0;
	private batchesDone = 0;
	private underWay = 0;
	private stoppedAt: number | undefined;
	private lastRefusal: Failure | undefined;

	constructor(
		private readonly files: readonly SourceFile[],
		private readonly run: Run,
		limits: BatchLimits,
		private readonly onBatch: ((event: BatchEvent) => void) | undefined,
	) {
		this.outcomes = files.map(() => undefined);
		const framing = new MultipartFraming(run.settings.kind.field);
		this.waiting = new WaitingFiles(
			limits,
			(index) => framing.partLength(this.file(index)),
			framing.bodyLength([]),
		);
		const questions = {
			ask: (group: Group) => this.ask(group),
			settle: (group: Group) => this.settle(group),
			another: () => (run.settings.stopOnFailure ? undefined : this.next()),
			isStopped: () => run.stoppedBy !== undefined,
		};
		this.division = new Division(questions, this.suspicion);
	}

	/** Checks files, by their indices. Ends when each has its outcome, or the run is stopped. */
	async check(indices: readonly number[]): Promise<void> {
		this.waiting.putBack({ files: indices, wasAsked: false });
		this.workers = [];
		this.addWorkers();
		let failure: Error | undefined;
		// More may be added while the first are waited for.
		for (const worker of this.workers) {
			const error = await worker;
			if (!(error instanceof RunStopped)) failure ??= error;
		}
		if (failure) throw failure;
	}

	/** As many as there may be requests under way now. */
	private addWorkers(): void {
		const { concurrency } = this.run.settings;
		const most = this.suspicion.wasAccepted ? concurrency : Math.min(concurrency, MOST_UNTRIED);
		while (this.workers.length < most) {
			this.workers.push(
				this.work().then(
					() => undefined,
					(error: Error) => error,
				),
			);
		}
	}

	/** What has become of a file so far. */
	outcomeOf(index: number): Outcome | undefined {
		return this.outcomes[index];
	}

	/** Gives a file an outcome that no request was needed for. */
	settleFile(index: number, outcome: Outcome): void {
		this.outcomes[index] = outcome;
		this.settled++;
	}

	result(): DetectResult {
		const unsent: Outcome = { failure: this.run.stoppedBy ?? { kind: 'notSent' } };
		return {
			outcomes: this.outcomes.map((outcome) => outcome ?? unsent),
			counts: this.run.counts,
			stoppedAt: this.stoppedAt,
		};
	}

	private async work(): Promise<void> {
		try {
			for (let group = this.next(); group; group = this.next()) {
				await this.settle(group);
				// A refused file will end the run: what is sent before it is found is paid for nothing.
				if (this.run.settings.stopOnFailure) await this.dividing;
				if (this.run.stoppedBy) return;
			}
		} catch (error) {
			this.run.abort(error);
			throw error;
		}
	}

	/** Sends a group and sees to it that each of its files gets its outcome, here or in its turn. */
	private async settle(group: Group): Promise<Judgement> {
		const judgement = await this.ask(group);
		if (judgement === 'refused' && group.files.length > 1) {
			this.run.counts.divided++;
			this.dividing = this.division.divide(group);
			await this.dividing;
		}
		return judgement;
	}

	/** Where much is refused, one file from elsewhere: broken files come in rows. */
	private next(): Group | undefined {
		const { isStrong, nextPlace } = this.suspicion;
		return isStrong ? this.waiting.takeOne(nextPlace) : this.waiting.next();
	}

	/** Sends a group. Where it is refused, the outcome of its files is left open, but for a single one. */
	private async ask(group: Group): Promise<Judgement> {
		if (this.run.stoppedBy) return undefined;
		const start = this.run.clock.now();
		const files = group.files.map((index) => this.file(index));
		const { isElsewhere = false } = group;
		this.underWay++;
		const reply = await this.suspicion
			.guard(() => exchange(this.run, files), judge, files.length, isElsewhere)
			.finally(() => this.underWay--);
		if (!reply) {
			this.run.stop({ ...this.lastRefusal, kind: 'everythingRefused' });
			return undefined;
		}
		if (this.suspicion.wasAccepted) this.addWorkers();
		const gaps = this.record(reply, group);
		this.report(reply, group, start);
		if (gaps.length > 0) {
			this.run.counts.askedAgain++;
			await this.settle({ files: gaps, wasAsked: true });
		}
		return judge(reply);
	}

	/** Notes the outcomes that are final. Returns the files to ask about once more. */
	private record(reply: Reply, group: Group): number[] {
		const { files } = group;
		switch (reply.kind) {
			case 'answered':
				return this.recordAnswer(reply.answer, group);
			case 'refused':
				this.lastRefusal = reply.failure;
				if (files.length === 1) this.fail(files, this.refusal(reply.failure, group));
				return [];
			case 'tooLarge':
				this.waiting.learnTooLarge(files);
				if (files.length === 1) this.fail(files, reply.failure);
				else this.putBack(group, files);
				return [];
			case 'fileBroken':
				this.fail([files[reply.position] as number], reply.failure);
				this.waiting.putBack({ ...group, files: files.toSpliced(reply.position, 1) });
				return [];
			case 'failed':
				this.fail(files, reply.failure);
				return [];
			case 'unsent':
				return [];
		}
	}

	/** A single file that is refused after others with it were may not be the reason. */
	private refusal(failure: Failure, { files }: Group): Failure {
		const wasAccepted = this.suspicion.wasAccepted || this.outcomes.some((each) => each?.verdict);
		const isDoubtful = !wasAccepted && files.length < this.files.length;
		return isDoubtful ? { ...failure, detail: NOTHING_ACCEPTED } : failure;
	}

	private recordAnswer(answer: BatchAnswer, { files, wasAsked }: Group): number[] {
		if (answer.kind === 'unreadable') {
			if (!wasAsked) return [...files];
			const { reason, serverMessage } = answer;
			this.fail(files, { kind: 'unreadableAnswer', detail: reason, serverMessage });
			return [];
		}
		const { entries, requestId } = answer;
		const gaps: number[] = [];
		files.forEach((file, position) => {
			const entry = entries[position];
			if (entry?.kind === 'verdict') {
				this.settleFile(file, { verdict: entry.verdict });
			} else if (entry?.kind === 'refused') {
				const { serverMessage } = entry;
				const failure: Failure = { kind: 'fileRefused', serverMessage, requestId };
				this.fail([file], this.run.withoutSecrets(failure));
			} else if (wasAsked) {
				this.fail([file], { kind: 'noVerdict', detail: entry?.reason, requestId });
			} else {
				gaps.push(file);
			}
		});
		return gaps;
	}

	private putBack(group: Group, files: readonly number[]): void {
		this.run.counts.divided++;
		this.waiting.putBack({ ...group, files });
	}

	private fail(files: readonly number[], failure: Failure): void {
		for (const file of files) this.settleFile(file, { failure });
		if (this.run.settings.stopOnFailure) {
			this.stoppedAt ??= files[0];
			this.run.stop(failure);
		}
	}

	private report(reply: Reply, { files }: Group, start: number): void {
		const batch = ++this.batchesDone;
		this.onBatch?.({
			batch,
			batches: batch + this.underWay + this.waiting.batchesLeft,
			files: files.length,
			result: reply.kind,
			failure: 'failure' in reply ? reply.failure : undefined,
			milliseconds: this.run.clock.now() - start,
			settled: this.settled,
			total: this.files.length,
			counts: this.run.counts,
		});
	}

	private file(index: number): SourceFile {
		return this.files[index] as SourceFile;
	}
}

function judge(reply: Reply): Judgement {
	if (reply.kind === 'answered') return 'accepted';
	return reply.kind === 'refused' ? 'refused' : undefined;
}
