/** Files that go into one request, by their indices in the run. */
export interface Batch {
	files: readonly number[];
	/** A response has left these files out before: once more is enough. */
	isFollowUp: boolean;
}

export interface BatchLimits {
	maxFiles: number;
	/** Bytes of a request's body. */
	maxBytes: number;
}

/**
 * The files of a run that wait for a request. Batches are cut only when their turn comes, so that a
 * size learned from a 413 holds for all that follow. Takes constant time per file.
 */
export class FileQueue {
	/** The last group is the next one. */
	private readonly groups: (Batch & { from: number })[] = [];
	private maxBytes: number;

	/**
	 * @param partBytes bytes that a file adds to a body
	 * @param emptyBytes bytes of a body without files
	 */
	constructor(
		private readonly limits: BatchLimits,
		private readonly partBytes: (file: number) => number,
		private readonly emptyBytes: number,
	) {
		this.maxBytes = limits.maxBytes;
	}

	/** As far as their number alone tells. */
	get batchesLeft(): number {
		const { maxFiles } = this.limits;
		return this.groups.reduce(
			(sum, { files, from }) => sum + Math.ceil((files.length - from) / maxFiles),
			0,
		);
	}

	/**
	 * The next batch: as many files as the limits allow, and at least one.
	 *
	 * @param maxFiles fewer than the limit, if the caller wants so
	 */
	next(maxFiles = this.limits.maxFiles): Batch | undefined {
		const group = this.groups.at(-1);
		if (!group) return undefined;
		const { files, from, ...history } = group;
		let to = from;
		let bytes = this.emptyBytes;
		while (to < files.length && to - from < maxFiles) {
			bytes += this.partBytes(files[to] as number);
			if (bytes > this.maxBytes && to > from) break;
			to++;
		}
		group.from = to;
		if (to === files.length) this.groups.pop();
		return { ...history, files: files.slice(from, to) };
	}

	/** One file from further back: 0 is the front of what waits, 1 would be its end. */
	takeOne(place: number): Batch | undefined {
		const [group] = this.groups;
		if (!group) return undefined;
		const { files, from, isFollowUp } = group;
		const index = from + Math.floor(place * (files.length - from));
		group.files = files.toSpliced(index, 1);
		if (group.files.length === from) this.groups.shift();
		return { files: [files[index] as number], isFollowUp };
	}

	/** Puts files in front of all others. */
	putBack(batch: Batch): void {
		if (batch.files.length > 0) this.groups.push({ ...batch, from: 0 });
	}

	/**
	 * Remembers that a body with these files was too large. From now on batches stay at or below half
	 * of it, or below it if one file alone was too large already.
	 */
	learnTooLarge(files: readonly number[]): void {
		const bytes = files.reduce((sum, file) => sum + this.partBytes(file), this.emptyBytes);
		const accepted = files.length > 1 ? Math.floor(bytes / 2) : bytes - 1;
		this.maxBytes = Math.min(this.maxBytes, accepted);
	}
}
