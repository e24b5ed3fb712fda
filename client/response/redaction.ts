import type { Failure } from '../model/failures';
import { CUT, plainText } from './serverMessage';

/** Removes secrets from a text that the client didn't write. */
export type Redact = (words: string) => string;

/** Shorter texts occur in ordinary words. */
const MIN_SECRET_LENGTH = 4;
/** Shorter secrets might match across the spaces between ordinary words. */
const MIN_WRAPPED_LENGTH = 16;
/** How deep escapes may be nested, for example JSON in JSON in a web page. */
const MAX_DECODINGS = 3;
const MASK = '***';

/** How JSON, HTML and form encoding escape a character. */
const ESCAPE =
	/&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&(amp|lt|gt|quot|apos|nbsp);?|\\u([0-9a-f]{4})|\\(["'\\/bfnrt])|((?:%[0-9a-f]{2})+)/gi;
const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};
const JSON_ESCAPES: Readonly<Record<string, string>> = { b: '', f: '', n: '\n', r: '', t: ' ' };
const BLANK = /[\p{C}\p{Z}\s]/u;

/**
 * Makes a function that masks these secrets in any spelling: as they are, escaped once or several
 * times (JSON, HTML entities, percent-encoding), in base64, or wrapped over several lines.
 */
export function redactor(secrets: readonly string[]): Redact {
	const needles = secrets
		.filter(({ length }) => length >= MIN_SECRET_LENGTH)
		.flatMap(spellings)
		.filter(({ length }) => length >= MIN_SECRET_LENGTH);
	return (words) => (needles.length === 0 ? words : mask(words, needles));
}

/** The same failure, with secrets masked in the texts that came from the server. */
export function redactFailure(failure: Failure, redact: Redact): Failure {
	const { serverMessage, requestId } = failure;
	return {
		...failure,
		...(serverMessage && { serverMessage: redact(serverMessage) }),
		...(requestId && { requestId: redact(requestId) }),
	};
}

function spellings(secret: string): string[] {
	const forms = [
		secret,
		plainText(secret) ?? '',
		secret.replaceAll(' ', '+'),
		inBase64(secret),
		inBase64(`Bearer ${secret}`),
	];
	const decoded = forms.map((form) => join(decode(form)));
	return Array.from(new Set([...decoded, ...decoded.filter(isLong).map(withoutBlanks)]));
}

function inBase64(text: string): string {
	return Buffer.from(text).toString('base64').replace(/=+$/, '');
}

function isLong({ length }: string): boolean {
	return length >= MIN_WRAPPED_LENGTH;
}

function withoutBlanks(text: string): string {
	return Array.from(text)
		.filter((character) => !BLANK.test(character))
		.join('');
}

/** A decoded character, and the range of the text that it was written in. */
interface Unit {
	character: string;
	from: number;
	to: number;
}

type Range = readonly [from: number, to: number];

function mask(words: string, needles: readonly string[]): string {
	const units = decode(words);
	const unwrapped = units.filter(({ character }) => !BLANK.test(character));
	const found = needles.flatMap((needle) => [
		...find(needle, units),
		...(isLong(needle) ? find(needle, unwrapped) : []),
	]);
	let masked = '';
	let end = 0;
	for (const [from, to] of found.sort(([a], [b]) => a - b)) {
		if (from >= end) masked += `${words.slice(end, from)}${MASK}`;
		end = Math.max(end, to);
	}
	return masked + words.slice(end);
}

function find(needle: string, units: readonly Unit[]): Range[] {
	const text = join(units);
	const ranges: Range[] = [];
	for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
		ranges.push(rangeOf(units, at, at + needle.length));
	}
	return [...ranges, ...findCut(needle, text, units)];
}

/** Finds the start of a secret at the end of a message that was cut there. */
function findCut(needle: string, text: string, units: readonly Unit[]): Range[] {
	if (!text.endsWith(CUT)) return [];
	const end = text.length - CUT.length;
	for (let length = Math.min(needle.length, end) - 1; length >= MIN_SECRET_LENGTH; length--) {
		if (text.startsWith(needle.slice(0, length), end - length)) {
			return [rangeOf(units, end - length, end)];
		}
	}
	return [];
}

function rangeOf(units: readonly Unit[], from: number, to: number): Range {
	return [units[from]?.from ?? 0, units[to - 1]?.to ?? 0];
}

function join(units: readonly Unit[]): string {
	return units.map(({ character }) => character).join('');
}

function decode(words: string): Unit[] {
	let units = words.split('').map((character, at): Unit => ({ character, from: at, to: at + 1 }));
	for (let decodings = 0; decodings < MAX_DECODINGS; decodings++) {
		const decoded = decodeOnce(units);
		if (decoded.length === units.length) break;
		units = decoded;
	}
	return units;
}

function decodeOnce(units: readonly Unit[]): Unit[] {
	const decoded: Unit[] = [];
	let end = 0;
	for (const match of join(units).matchAll(ESCAPE)) {
		const [escape] = match;
		const [from, to] = rangeOf(units, match.index, match.index + escape.length);
		decoded.push(...units.slice(end, match.index));
		for (const character of meaningOf(match).split('')) decoded.push({ character, from, to });
		end = match.index + escape.length;
	}
	return [...decoded, ...units.slice(end)];
}

function meaningOf([, hex, decimal, name, unicode, json, percent]: RegExpMatchArray): string {
	if (percent) return Buffer.from(percent.replaceAll('%', ''), 'hex').toString('utf8');
	if (name) return NAMED[name.toLowerCase()] ?? '';
	if (json) return JSON_ESCAPES[json] ?? json;
	const code = decimal ? Number(decimal) : parseInt(hex ?? unicode ?? '', 16);
	return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
