/** Requests beside the first one that may be refused before everything counts as refused. */
export const MOST_EXTRA_REFUSALS = 12;

const GOLDEN_RATIO = 0.618034;

/**
 * Refusals (400, 422) name no file: one broken file, or a whole run that the server doesn't accept?
 * Until some request has been accepted, a refusal makes the run go on with one request at a time,
 * and after a few it ends.
 */
export class Suspicion {
	private wasAccepted = false;
	private refusals = 0;
	private inFlight = 0;
	private waiting: (() => void)[] = [];

	/** Something was refused and nothing has been accepted. */
	get isRoused(): boolean {
		return !this.wasAccepted && this.refusals > 0;
	}

	/** Nothing has been accepted, and more was refused than a single broken file would explain. */
	get isStrong(): boolean {
		return !this.wasAccepted && this.refusals >= 3;
	}

	get isCertain(): boolean {
		return !this.wasAccepted && this.refusals > MOST_EXTRA_REFUSALS;
	}

	/** Which of so many files to try next: far from the ones before, as broken files come in rows. */
	probePlace(fileCount: number): number {
		return Math.floor(((this.refusals * GOLDEN_RATIO) % 1) * fileCount);
	}

	/** Runs a request; while there is suspicion, alone. */
	async guard<T>(
		request: () => Promise<T>,
		judge: (result: T) => 'accepted' | 'refused' | undefined,
	): Promise<T | undefined> {
		while (this.isRoused && this.inFlight > 0) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		if (this.isCertain) return undefined;
		this.inFlight++;
		try {
			const result = await request();
			const judgement = judge(result);
			if (judgement === 'accepted') this.wasAccepted = true;
			if (judgement === 'refused') this.refusals++;
			return result;
		} finally {
			this.inFlight--;
			const { waiting } = this;
			this.waiting = [];
			for (const resume of waiting) resume();
		}
	}
}
