import type { Batch } from './fileQueue';
import type { RefusalTracker } from './refusalTracker';

/** What became of a batch that was sent. Its files have their outcomes, unless it was refused. */
export type Judgement = 'accepted' | 'refused' | 'other';

/** How a bisection gets its parts sent. */
export interface BisectionContext {
	/** Sends a batch. If several files are refused together, their outcomes are left open. */
	send: (batch: Batch) => Promise<Judgement>;
	/** One file from elsewhere in the run; none if no other should be sent before these are found. */
	another: () => Batch | undefined;
	/** Nothing more is to be sent. */
	isStopped: () => boolean;
}

/**
 * Finds the files because of which the server refuses a batch (400, 422), as it does not name them,
 * and gets the others their verdicts: k broken files of n cost about 2k·log2(n) requests, or one
 * request for each file if most of them are broken.
 */
export class Bisection {
	constructor(
		private readonly context: BisectionContext,
		private readonly tracker: RefusalTracker,
	) {}

	/** Sees to each file of a batch that was refused as a whole. */
	async split(batch: Batch): Promise<void> {
		const { files } = batch;
		if (files.length === 1 || this.context.isStopped()) return;
		if (this.tracker.looksElsewhere) return await this.lookElsewhere(batch);
		if (this.tracker.mostAreRefused) return await this.sendEach(batch);
		const [left, right] = halves(batch);
		if (this.tracker.isSuspicious) await this.sendBothFirst(batch, [left, right]);
		else await this.sendInTurn(left, right);
	}

	private async sendInTurn(left: Batch, right: Batch): Promise<void> {
		const isLeftAccepted = (await this.settle(left)) === 'accepted';
		// Then the right half must hold what was refused: no need to send it as a whole.
		if (isLeftAccepted && right.files.length > 1) await this.split(right);
		else await this.settle(right);
	}

	/** Both halves before either is looked into: whether anything is accepted comes first. */
	private async sendBothFirst(batch: Batch, parts: readonly Batch[]): Promise<void> {
		const refused: Batch[] = [];
		for (const part of parts) {
			const isRefused = (await this.context.send(part)) === 'refused';
			if (isRefused && part.files.length > 1) refused.push(part);
		}
		if (refused.length === parts.length && this.tracker.looksElsewhere) {
			return await this.split(batch);
		}
		for (const part of refused) await this.split(part);
	}

	/**
	 * Nothing has been accepted yet, and broken files come in rows: one file alone from far away tells
	 * best whether anything is, and it has to be sent anyway.
	 */
	private async lookElsewhere(batch: Batch): Promise<void> {
		const other = this.context.another();
		if (other) {
			await this.context.send(other);
			return await this.split(batch);
		}
		const { files } = batch;
		const place = Math.floor(this.tracker.nextPlace * files.length);
		await this.context.send({ ...batch, files: files.slice(place, place + 1) });
		const rest = { ...batch, files: files.toSpliced(place, 1) };
		if (this.tracker.looksElsewhere && rest.files.length > 1) await this.split(rest);
		else await this.settle(rest);
	}

	private async sendEach(batch: Batch): Promise<void> {
		for (const [index, file] of batch.files.entries()) {
			if (this.context.isStopped()) return;
			if (!this.tracker.mostAreRefused) {
				await this.settle({ ...batch, files: batch.files.slice(index) });
				return;
			}
			await this.context.send({ ...batch, files: [file] });
		}
	}

	private async settle(batch: Batch): Promise<Judgement> {
		const judgement = await this.context.send(batch);
		if (judgement === 'refused') await this.split(batch);
		return judgement;
	}
}

/** The two halves of a batch with at least two files. */
export function halves(batch: Batch): [Batch, Batch] {
	const { files } = batch;
	const middle = Math.ceil(files.length / 2);
	return [
		{ ...batch, files: files.slice(0, middle) },
		{ ...batch, files: files.slice(middle) },
	];
}
