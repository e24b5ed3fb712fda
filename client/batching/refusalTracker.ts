/** Refusals beside the first one before everything counts as refused, if nothing was ever accepted. */
export const MAX_EXTRA_REFUSALS = 12;

/** Refusals in a row after which other files are tried: broken ones come in rows. */
const LOOKS_ELSEWHERE_AFTER = 3;

/**
 * Share of refused files from which on asking for each alone costs less than splitting batches: the
 * classical bound of group testing, (3 - √5) / 2.
 */
const MAX_SHARE_FOR_BISECTION = 0.38;
/** How much the share follows the newest file. */
const WEIGHT_OF_NEWEST = 0.1;

const GOLDEN_RATIO = 0.618034;

/**
 * Refusals (400, 422) name no file: one broken file, or a whole run that the server doesn't accept?
 * As long as nothing has been accepted, a few refusals more end the run. After that every file is
 * asked for, one by one while most of them are refused.
 */
export class RefusalTracker {
	wasAccepted = false;
	/** In a row. */
	private refusals = 0;
	/** Share of refused files among the last ones. */
	private share = 0;

	/** Something was refused, and nothing has ever been accepted: one request at a time tells more. */
	get hasOnlyRefusals(): boolean {
		return !this.wasAccepted && this.refusals > 0;
	}

	/** More was refused in a row than a single broken file would explain. */
	get looksElsewhere(): boolean {
		return !this.wasAccepted && this.refusals >= LOOKS_ELSEWHERE_AFTER;
	}

	/** The server accepts nothing at all. */
	get isHopeless(): boolean {
		return !this.wasAccepted && this.refusals > MAX_EXTRA_REFUSALS;
	}

	get mostAreRefused(): boolean {
		return this.share > MAX_SHARE_FOR_BISECTION;
	}

	/** Where to try next, at least 0 and below 1: far from the places before. */
	get nextPlace(): number {
		return (this.refusals * GOLDEN_RATIO) % 1;
	}

	/** A request with so many files was accepted: all of them are in order. */
	noteAccepted(files: number): void {
		this.wasAccepted = true;
		this.refusals = 0;
		this.share *= (1 - WEIGHT_OF_NEWEST) ** files;
	}

	/** A request with so many files was refused: only of a single one this says which. */
	noteRefused(files: number): void {
		this.refusals++;
		if (files === 1) this.share += (1 - this.share) * WEIGHT_OF_NEWEST;
	}
}
