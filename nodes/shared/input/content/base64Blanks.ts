/** Tools wrap base64 into lines of so many letters. */
const MIN_LINE = 16;
const MAX_LINE = 1024;

/** Among 64 letters that occur equally often, + follows on itself once in 64 times. */
const MIN_LONE_FOR_ONE_RUN = 8;
/** A quarter of what would be too many, and some for a text that is short. */
const MIN_LETTERS_FOR_ONE_BLANK = 16;
const BLANKS_OF_SHORT_TEXT = 2;

const GAP = /\s+/g;
const LINE_END = /[\r\n]/;

/** What the line ends and blanks of a text mean: nothing, or a + for each blank. */
export type Blanks =
	| { plus: false }
	/** Those around a line's end may belong to the text as well. */
	| { plus: true; atLineEnds: boolean };

/**
 * Blanks within base64 have been either + or line breaks: fields of one line turn the breaks of what
 * is pasted into blanks. Breaks come at equal distances, and + anywhere, mostly alone.
 */
export class BlankSurvey {
	private letters = 0;
	/** Within lines, and around their ends. */
	private blanks = 0;
	private blanksAtLineEnds = 0;
	private lone = 0;
	private readonly runs = new Distances();
	private readonly lines = new Distances();

	/** A further piece of the text. */
	add(text: string): void {
		let from = 0;
		for (const { 0: gap, index } of text.matchAll(GAP)) {
			this.addLetters(index - from);
			from = index + gap.length;
			if (LINE_END.test(gap)) this.addLineEnd(gap);
			else this.addRun(gap.length);
		}
		this.addLetters(text.length - from);
	}

	/** Undefined if it can't be told for certain. */
	meaning(padding: number): Blanks | undefined {
		const { letters, blanks, lone, runs, lines } = this;
		if (blanks === 0) return { plus: false };
		// One break could be anywhere, but only one of both makes whole groups.
		const isWholeWithPlus = (letters + blanks + padding) % 4 === 0;
		if (runs.areLines && !(runs.count === 1 && isWholeWithPlus)) return { plus: false };
		const isFew = blanks <= BLANKS_OF_SHORT_TEXT + letters / MIN_LETTERS_FOR_ONE_BLANK;
		if (!isFew || lone < (runs.count - lone) * MIN_LONE_FOR_ONE_RUN) return undefined;
		if (this.blanksAtLineEnds === 0) return { plus: true, atLineEnds: false };
		// With them all lines are equally long: they are no blanks that a tool has left there.
		return lines.areLines ? { plus: true, atLineEnds: true } : undefined;
	}

	private addLetters(count: number): void {
		this.letters += count;
		this.runs.advance(count);
		this.lines.advance(count);
	}

	private addRun(length: number): void {
		this.blanks += length;
		if (length === 1) this.lone++;
		this.runs.mark();
		this.lines.advance(length);
	}

	private addLineEnd(gap: string): void {
		const before = countBlanks(gap.slice(0, gap.search(LINE_END)));
		const all = countBlanks(gap);
		this.blanksAtLineEnds += all;
		this.lines.advance(before);
		this.lines.mark();
		this.lines.advance(all - before);
	}
}

function countBlanks(text: string): number {
	return text.split(' ').length - 1;
}

/** The text without its line ends, with its blanks removed or replaced by +. */
export function withoutGaps(text: string, blanks: Blanks): string {
	const whole = text.replace(GAP, (gap) => {
		if (!LINE_END.test(gap)) return gap;
		return blanks.plus && blanks.atLineEnds ? gap.replace(/[\r\n]+/g, '') : '';
	});
	return whole.replaceAll(' ', blanks.plus ? '+' : '');
}

/** How far apart things are that occur again and again. */
class Distances {
	count = 0;
	private first = 0;
	private areEqual = true;
	private since = 0;

	advance(distance: number): void {
		this.since += distance;
	}

	mark(): void {
		if (this.count === 0) this.first = this.since;
		else if (this.since !== this.first) this.areEqual = false;
		this.count++;
		this.since = 0;
	}

	/** Whether these are the ends of lines as tools make them; the last line may be shorter. */
	get areLines(): boolean {
		const { count, first, areEqual, since } = this;
		const isLine = first >= MIN_LINE && first <= MAX_LINE && first % 4 === 0;
		return count > 0 && isLine && areEqual && since <= first;
	}
}
