import { BlankSurvey, withoutGaps, type Blanks } from './base64Blanks';
import type { InlineContent } from './inlineContent';

/** Letters that are decoded at a time: base64 writes three bytes as four of them. */
const WINDOW_LETTERS = 64 * 1024;
const GROUP_LETTERS = 4;
const GROUP_BYTES = 3;

/** Characters at either end in which quotes, padding and a data URI's head are looked for. */
const EDGE_CHARACTERS = 2048;

/** Blanks, quotes and a byte order mark, as they are or percent-encoded. */
const EDGE = '(?:[\\s"\'`\\uFEFF]|%0[AD]|%2[027])*';
const DATA_URI = '(?:data(?::|%3A)(?:[^]*?(?:;|%3B)\\s*base64\\s*(?:,|%2C)|[^,]*,))?';
const HEAD = new RegExp(`^${EDGE}${DATA_URI}${EDGE}`, 'i');
const TAIL = /(?:[\s"'`=]|%0[AD]|%2[027]|%3D)+$/i;

/** Blanks that may have been + before a form was sent. */
const BLANKS = /^(?: |%20)+/;

/** No letter, in either alphabet of base64. */
const OTHER = /[^\w+/-]/;

/**
 * Decodes base64. Tools wrap such a text, quote it, percent-encode it, put a data URI's head in front of
 * it, or leave its padding out. None of that changes the content. A form that is sent without encoding
 * turns each + into a blank, which can be undone.
 *
 * @returns undefined for a damaged text, because decoding it would give another content
 */
export function readBase64(text: string): InlineContent | undefined {
	const head = HEAD.exec(text.slice(0, EDGE_CHARACTERS))?.[0] ?? '';
	const tail = TAIL.exec(text.slice(head.length).slice(-EDGE_CHARACTERS))?.[0] ?? '';
	const padding = tail.match(/=|%3D/gi)?.length ?? 0;
	// A slice is a view: the text, which may have 100 MB, is not copied.
	const body = text.slice(head.length, text.length - tail.length);
	if (!OTHER.test(body)) return readClean(body, padding);
	const survey = new BlankSurvey();
	for (const window of windows(body)) survey.add(unescape(window));
	const blanks = survey.meaning(padding);
	const letters = blanks && countLetters(body, blanks);
	if (!blanks || letters === undefined) return undefined;
	const end = (blanks.plus && BLANKS.exec(tail)?.[0]) || '';
	// If each blank was a +, so were those at the end, as long as they make whole groups.
	const withEnd = letters + unescape(end).length;
	if (end && padding === 0 && withEnd % GROUP_LETTERS === 0) {
		return readMended(
			text.slice(head.length, head.length + body.length + end.length),
			blanks,
			withEnd,
		);
	}
	// If only some of them were, nobody can say which.
	if (end && (letters + padding) % GROUP_LETTERS !== 0) return undefined;
	return isWhole(letters, padding) ? readMended(body, blanks, letters) : undefined;
}

function readClean(body: string, padding: number): InlineContent | undefined {
	if (!isWhole(body.length, padding)) return undefined;
	return {
		size: Buffer.byteLength(body, 'base64'),
		open: () => ({ read: decoder(windows(body)), close: () => {} }),
		readAt: (position, length) => {
			const skipped = position % GROUP_BYTES;
			const from = ((position - skipped) / GROUP_BYTES) * GROUP_LETTERS;
			const letters = Math.ceil((skipped + length) / GROUP_BYTES) * GROUP_LETTERS;
			const bytes = Buffer.from(body.slice(from, from + letters), 'base64');
			return bytes.subarray(skipped, skipped + length);
		},
	};
}

function readMended(body: string, blanks: Blanks, letters: number): InlineContent {
	return {
		size: Math.floor((letters * GROUP_BYTES) / GROUP_LETTERS),
		open: () => ({ read: decoder(mendedWindows(body, blanks)), close: () => {} }),
	};
}

/** Undefined for a text with other characters in it. */
function countLetters(body: string, blanks: Blanks): number | undefined {
	let letters = 0;
	for (const window of mendedWindows(body, blanks)) {
		if (OTHER.test(window)) return undefined;
		letters += window.length;
	}
	return letters;
}

/** Padding may be missing, but not be there for nothing; and no content makes a single last letter. */
function isWhole(letters: number, padding: number): boolean {
	const missing = (GROUP_LETTERS - (letters % GROUP_LETTERS)) % GROUP_LETTERS;
	return missing < 3 && padding <= missing;
}

/** Pieces of the text that end in letters, so that nothing that is mended is cut in two. */
function* windows(body: string): Generator<string, undefined> {
	const letters = /[\w+/-]{3}/g;
	for (let start = 0, end = 0; start < body.length; start = end) {
		letters.lastIndex = start + WINDOW_LETTERS;
		end = letters.test(body) ? letters.lastIndex : body.length;
		yield body.slice(start, end);
	}
}

function* mendedWindows(body: string, blanks: Blanks): Generator<string, undefined> {
	for (const window of windows(body)) yield withoutGaps(unescape(window), blanks);
}

function unescape(window: string): string {
	return window.replace(/%([0-9A-F]{2})/gi, (_, code: string) =>
		String.fromCharCode(parseInt(code, 16)),
	);
}

/** Decodes into the caller's memory, from where the last call ended, and returns the number of bytes. */
function decoder(texts: Iterator<string, undefined>): (target: Buffer) => number {
	let letters = '';
	/** The rest of a group whose beginning filled the last target. */
	let rest: Buffer = Buffer.alloc(0);
	return (target) => {
		let filled = rest.copy(target);
		rest = rest.subarray(filled);
		while (filled < target.length) {
			if (letters.length < GROUP_LETTERS) {
				const { value } = texts.next();
				if (value === undefined && letters.length === 0) break;
				if (value !== undefined) {
					letters += value;
					continue;
				}
			}
			const groups = Math.floor((target.length - filled) / GROUP_BYTES);
			const whole = letters.length - (letters.length % GROUP_LETTERS) || letters.length;
			const taken = letters.slice(0, Math.min(whole, Math.max(groups, 1) * GROUP_LETTERS));
			letters = letters.slice(taken.length);
			if (groups > 0) {
				filled += target.write(taken, filled, 'base64');
			} else {
				rest = Buffer.from(taken, 'base64');
				const copied = rest.copy(target, filled);
				rest = rest.subarray(copied);
				filled += copied;
			}
		}
		return filled;
	};
}
