import type { Batch } from './fileQueue';
import type { RefusalTracker } from './refusalTracker';

/** How a sent batch ended. Its files have their outcomes, unless it was refused. */
export type PartResult = 'accepted' | 'refused' | 'other';

/** What a bisection needs from the scheduler. */
interface BisectionContext {
	/** Sends a batch. If several files are refused together, their outcomes stay open. */
	send: (batch: Batch) => Promise<PartResult>;
	/** One file from elsewhere in the run; undefined if no other file should be sent now. */
	another: () => Batch | undefined;
	/** Whether nothing more may be sent. */
	isStopped: () => boolean;
}

/**
 * Finds the files that make the server refuse a batch. A 400 or 422 doesn't name them, so the
 * batch is halved until they are alone, and the other files get their verdicts. This takes about
 * 2k·log2(n) requests for k broken files of n, or one request per file if most are broken.
 */
export class Bisection {
	constructor(
		private readonly context: BisectionContext,
		private readonly tracker: RefusalTracker,
	) {}

	/** Gets an outcome for each file of a batch that was refused as a whole. */
	async split(batch: Batch): Promise<void> {
		const { files } = batch;
		if (files.length === 1 || this.context.isStopped()) return;
		if (this.tracker.looksElsewhere) return await this.lookElsewhere(batch);
		if (this.tracker.mostAreRefused) return await this.sendEach(batch);
		const [left, right] = halves(batch);
		if (this.tracker.hasOnlyRefusals) await this.sendBothFirst(batch, [left, right]);
		else await this.sendInTurn(left, right);
	}

	private async sendInTurn(left: Batch, right: Batch): Promise<void> {
		const isLeftAccepted = (await this.settle(left)) === 'accepted';
		// Then the refused file must be in the right half: no need to send that half as a whole.
		if (isLeftAccepted && right.files.length > 1) await this.split(right);
		else await this.settle(right);
	}

	/** Sends both halves before splitting either, to learn first whether anything is accepted. */
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
	 * Nothing has been accepted yet, and broken files often stand next to each other. So a single file
	 * from far away shows best whether anything is accepted, and it has to be sent anyway.
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

	private async settle(batch: Batch): Promise<PartResult> {
		const result = await this.context.send(batch);
		if (result === 'refused') await this.split(batch);
		return result;
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
