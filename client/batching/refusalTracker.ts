/** Refusals after the first one until the whole run counts as refused, if nothing was ever accepted. */
export const MAX_EXTRA_REFUSALS = 12;

/** Refusals in a row until other files are tried: broken files often stand next to each other. */
const MAX_REFUSALS_NEARBY = 3;

/**
 * The share of refused files above which sending each file alone takes fewer requests than splitting
 * batches: the classical bound of group testing, (3 - √5) / 2.
 */
const MAX_SHARE_FOR_BISECTION = 0.38;
/** Weight of the newest file in that share. */
const WEIGHT_OF_NEWEST = 0.1;

const GOLDEN_RATIO = 0.618034;

/**
 * Tells one broken file from a run that the server doesn't accept at all, because a refusal (400, 422)
 * doesn't name a file. Until something is accepted, a few more refusals end the run. After that, every
 * file is sent, one by one while most of them are refused.
 */
export class RefusalTracker {
	wasAccepted = false;
	/** Refusals in a row. */
	private refusals = 0;
	/** The share of refused files, a moving average. */
	private share = 0;

	/** Something was refused and nothing was ever accepted, so requests should go one at a time. */
	get hasOnlyRefusals(): boolean {
		return !this.wasAccepted && this.refusals > 0;
	}

	/** More refusals in a row than a single broken file would explain. */
	get looksElsewhere(): boolean {
		return !this.wasAccepted && this.refusals >= MAX_REFUSALS_NEARBY;
	}

	/** The server accepts nothing at all. */
	get isHopeless(): boolean {
		return !this.wasAccepted && this.refusals > MAX_EXTRA_REFUSALS;
	}

	get mostAreRefused(): boolean {
		return this.share > MAX_SHARE_FOR_BISECTION;
	}

	/** Where to try next, at least 0 and below 1, far from the earlier places. */
	get nextPlace(): number {
		return (this.refusals * GOLDEN_RATIO) % 1;
	}

	/** Notes that a request with this many files was accepted, so all of them are fine. */
	noteAccepted(files: number): void {
		this.wasAccepted = true;
		this.refusals = 0;
		this.share *= (1 - WEIGHT_OF_NEWEST) ** files;
	}

	/** Notes that a request with this many files was refused. Only a file sent alone is surely the cause. */
	noteRefused(files: number): void {
		this.refusals++;
		if (files === 1) this.share += (1 - this.share) * WEIGHT_OF_NEWEST;
	}
}
