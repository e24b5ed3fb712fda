/** The files of one request, by their indices in the run. */
export interface Batch {
	files: readonly number[];
	/** An earlier response left these files out. They are not sent a third time. */
	isFollowUp: boolean;
}

export interface BatchLimits {
	maxFiles: number;
	/** Maximum size of a request's body. */
	maxBytes: number;
}

/**
 * The files of a run that wait for a request. Each batch is formed only when its turn comes, so that a
 * size limit learned from a 413 applies to all that follow. Takes constant time per file.
 */
export class FileQueue {
	/** Waiting files in sections that don't mix. The last section comes first. */
	private readonly sections: (Batch & { from: number })[] = [];
	private maxBytes: number;

	/**
	 * @param partBytes the bytes that a file adds to a body
	 * @param emptyBytes the bytes of a body without files
	 */
	constructor(
		private readonly limits: BatchLimits,
		private readonly partBytes: (file: number) => number,
		private readonly emptyBytes: number,
	) {
		this.maxBytes = limits.maxBytes;
	}

	/** An estimate by the number of files alone. */
	get batchesLeft(): number {
		const { maxFiles } = this.limits;
		return this.sections.reduce(
			(sum, { files, from }) => sum + Math.ceil((files.length - from) / maxFiles),
			0,
		);
	}

	/**
	 * The next batch: as many files as the limits allow, and at least one.
	 *
	 * @param maxFiles a lower limit, if the caller wants one
	 */
	next(maxFiles = this.limits.maxFiles): Batch | undefined {
		const section = this.sections.at(-1);
		if (!section) return undefined;
		const { files, from, isFollowUp } = section;
		let to = from;
		let bytes = this.emptyBytes;
		for (const file of files.slice(from, from + maxFiles)) {
			bytes += this.partBytes(file);
			if (bytes > this.maxBytes && to > from) break;
			to++;
		}
		section.from = to;
		if (to === files.length) this.sections.pop();
		return { files: files.slice(from, to), isFollowUp };
	}

	/** Takes one file from further back. `place`: 0 is the front of the waiting files, 1 their end. */
	takeOne(place: number): Batch | undefined {
		const [section] = this.sections;
		if (!section) return undefined;
		const { files, from, isFollowUp } = section;
		const index = from + Math.floor(place * (files.length - from));
		section.files = files.toSpliced(index, 1);
		if (section.files.length === from) this.sections.shift();
		return { files: files.slice(index, index + 1), isFollowUp };
	}

	/** Puts files in front of all others. */
	putBack(batch: Batch): void {
		if (batch.files.length > 0) this.sections.push({ ...batch, from: 0 });
	}

	/**
	 * Remembers that a body with these files was too large. Later batches have at most half its size, or
	 * less than its size if it held a single file.
	 */
	learnTooLarge(files: readonly number[]): void {
		const bytes = files.reduce((sum, file) => sum + this.partBytes(file), this.emptyBytes);
		const accepted = files.length > 1 ? Math.floor(bytes / 2) : bytes - 1;
		this.maxBytes = Math.min(this.maxBytes, accepted);
	}
}
