/** Requests beside the first one that may be refused in a row before everything counts as refused. */
export const MOST_EXTRA_REFUSALS = 12;

/**
 * Requests in flight, at most, until one has been accepted: what a whole wave of them is refused
 * for would leave too few refusals to find out whether all is, or some files.
 */
export const MOST_UNTRIED = 6;

/** Refusals in a row after which other files are tried: as long as nothing has been accepted, and then. */
const STRONG_AFTER = { atFirst: 3, onceAccepted: 8 };

/** Refusals of files from elsewhere in the run that it takes to give up after others were accepted. */
const REFUSED_ELSEWHERE = 5;

/** How unlikely these must be, where files are as often broken as they were until then. */
const UNLIKELY = 1e-6;

const GOLDEN_RATIO = 0.618034;

/** What an answer says of the files in a request; undefined where it says nothing about them. */
export type Judgement = 'accepted' | 'refused' | undefined;

/**
 * Refusals (400, 422) name no file: one broken file, or a whole run that the server doesn't accept?
 * Until some request has been accepted, few are under way at a time, and a refusal makes the run go
 * on with one alone; after a few in a row it ends. Later it takes files from elsewhere that are refused, too: the
 * rest of a batch may well be broken, all of it.
 */
export class Suspicion {
	wasAccepted = false;
	/** In a row. */
	private refusals = 0;
	private refusedElsewhere = 0;
	/** Files on which there is certainty: those of accepted requests, and those refused alone before. */
	private sound = 0;
	private broken = 0;
	/** Refused alone since something was accepted. */
	private brokenSince = 0;
	private inFlight = 0;
	private waiting: (() => void)[] = [];

	/** Something was refused and nothing has ever been accepted. */
	get isRoused(): boolean {
		return !this.wasAccepted && this.refusals > 0;
	}

	/** More was refused in a row than a single broken file would explain. */
	get isStrong(): boolean {
		return this.refusals >= STRONG_AFTER[this.wasAccepted ? 'onceAccepted' : 'atFirst'];
	}

	get isCertain(): boolean {
		if (this.refusals <= MOST_EXTRA_REFUSALS) return false;
		if (!this.wasAccepted) return true;
		const share = (this.broken + 1) / (this.broken + this.sound + 2);
		return this.refusedElsewhere >= REFUSED_ELSEWHERE && share ** this.refusedElsewhere < UNLIKELY;
	}

	/** Where to try next, at least 0 and below 1: far from the places before, as broken files come in rows. */
	get nextPlace(): number {
		return (this.refusals * GOLDEN_RATIO) % 1;
	}

	/**
	 * Runs a request; while there is suspicion, alone.
	 *
	 * @param files how many it holds
	 * @param isElsewhere whether they were chosen far from those that were refused
	 * @returns undefined where everything counts as refused, and nothing was sent
	 */
	async guard<T>(
		request: () => Promise<T>,
		judge: (result: T) => Judgement,
		files: number,
		isElsewhere: boolean,
	): Promise<T | undefined> {
		while ((this.isRoused || this.isCertain) && this.inFlight > 0) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		if (this.isCertain) return undefined;
		this.inFlight++;
		try {
			const result = await request();
			this.note(judge(result), files, isElsewhere);
			return result;
		} finally {
			this.inFlight--;
			const { waiting } = this;
			this.waiting = [];
			for (const resume of waiting) resume();
		}
	}

	private note(judgement: Judgement, files: number, isElsewhere: boolean): void {
		if (judgement === 'accepted') {
			this.wasAccepted = true;
			this.refusals = 0;
			this.refusedElsewhere = 0;
			this.sound += files;
			this.broken += this.brokenSince;
			this.brokenSince = 0;
		}
		if (judgement === 'refused') {
			this.refusals++;
			if (files === 1) this.brokenSince++;
			if (isElsewhere) this.refusedElsewhere++;
		}
	}
}
