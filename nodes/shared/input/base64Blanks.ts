/** Letters in a line of wrapped base64, if it was wrapped by any tool. */
const MIN_LINE = 16;
const MAX_LINE = 1024;

/** Among 64 letters that occur equally often, + follows on itself once in 64 times. */
const MIN_LONE_FOR_ONE_RUN = 8;
/** A quarter of what would be too many, and some for a text that is short. */
const MIN_LETTERS_FOR_ONE_BLANK = 16;
const BLANKS_OF_SHORT_TEXT = 2;

/**
 * Blanks within base64 have been either + or line breaks: fields of one line turn the breaks of what
 * is pasted into blanks. Breaks come at equal distances, and + anywhere, mostly alone.
 */
export class BlankSurvey {
	letters = 0;
	blanks = 0;
	private lone = 0;
	private runs = 0;
	private lineLength = 0;
	private isRegular = true;
	/** Letters since the last run of blanks. */
	private sinceRun = 0;

	/** A further piece of the text, that holds letters and blanks alone. */
	add(text: string): void {
		let from = 0;
		for (const { 0: run, index } of text.matchAll(/ +/g)) {
			this.addLetters(index - from);
			this.addRun(run.length);
			from = index + run.length;
		}
		this.addLetters(text.length - from);
	}

	/** What each blank stands for: +, or nothing. Undefined if it can't be told. */
	meaning(padding: number): '+' | '' | undefined {
		if (this.blanks === 0) return '';
		// One break could be anywhere, but only one of both makes whole groups.
		const isWholeWithPlus = (this.letters + this.blanks + padding) % 4 === 0;
		if (this.isWrapped && !(this.runs === 1 && isWholeWithPlus)) return '';
		const isFew = this.blanks <= BLANKS_OF_SHORT_TEXT + this.letters / MIN_LETTERS_FOR_ONE_BLANK;
		return isFew && this.lone >= (this.runs - this.lone) * MIN_LONE_FOR_ONE_RUN ? '+' : undefined;
	}

	private get isWrapped(): boolean {
		const { lineLength, isRegular, sinceRun } = this;
		const isLine = lineLength >= MIN_LINE && lineLength <= MAX_LINE && lineLength % 4 === 0;
		return isLine && isRegular && sinceRun <= lineLength;
	}

	private addLetters(count: number): void {
		this.letters += count;
		this.sinceRun += count;
	}

	private addRun(length: number): void {
		this.runs++;
		this.blanks += length;
		if (length === 1) this.lone++;
		if (this.runs === 1) this.lineLength = this.sinceRun;
		else if (this.sinceRun !== this.lineLength) this.isRegular = false;
		this.sinceRun = 0;
	}
}
