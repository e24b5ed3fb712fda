import { parseJson } from './json';

/** Characters of a server's own words that a message may carry. */
const MAX_MESSAGE_LENGTH = 300;
/** Characters that are looked at for them. */
const MAX_SOURCE_LENGTH = 20 * MAX_MESSAGE_LENGTH;

/** End of a message that was longer. */
export const CUT = '…';

/** Fields that hold words, the most telling ones first. */
const FIELDS = ['error_description', 'detail', 'message', 'msg', 'error', 'title'];
const FIELD = new RegExp(`"(?:${FIELDS.join('|')})"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 's');

/**
 * A server's own words about a refusal, fit for people, logs and terminals: from whichever field of
 * the body holds them (its shape is not documented), without markup and control characters, short.
 * Of a web page its title; undefined if there are none.
 *
 * @param redact takes secrets out of them
 */
export function serverMessage(
	text: string,
	contentType: string,
	redact: (words: string) => string = (words) => words,
): string | undefined {
	const body = parseJson(text);
	if (body !== undefined) return plainText(messageIn(body), redact);
	if (looksLikeHtml(text, contentType)) return plainText(titleOf(text), redact);
	// Plain text is an answer too, and so is what arrived of a JSON text.
	return plainText(messageInCutJson(text) ?? text, redact);
}

function titleOf(page: string): string | undefined {
	const [, title, end] = /<title[^>]*>([^<]*)(<?)/i.exec(page.slice(0, MAX_SOURCE_LENGTH)) ?? [];
	// Only this mark tells that the title, and perhaps a secret in it, was cut.
	return title && !end ? `${title}${CUT}` : title;
}

export function looksLikeHtml(text: string, contentType: string): boolean {
	return /\bhtml\b/i.test(contentType) || /^\s*(<!doctype|<html|<head|<body)/i.test(text);
}

/** The words in a body, or in an entry of a response, that says `error`, `message` or `detail`. */
export function messageIn(body: unknown, depth = 0): string | undefined {
	if (typeof body === 'string') return body;
	if (depth > 3 || typeof body !== 'object' || body === null) return undefined;
	if (Array.isArray(body)) {
		const words = body.slice(0, 3).map((each) => messageIn(each, depth + 1));
		return words.filter(Boolean).join('; ') || undefined;
	}
	const fields = body as Record<string, unknown>;
	for (const name of FIELDS) {
		const words = messageIn(fields[name], depth + 1);
		if (words) return words;
	}
	return undefined;
}

/** The same of a JSON text that breaks off. */
function messageInCutJson(text: string): string | undefined {
	if (!/^\s*[{[]/.test(text)) return undefined;
	const [found, words] = FIELD.exec(text.slice(0, MAX_SOURCE_LENGTH)) ?? [];
	if (!words) return undefined;
	const isWhole = text[text.indexOf(found ?? '') + (found ?? '').length] === '"';
	return `${unescaped(words)}${isWhole ? '' : CUT}`;
}

function unescaped(json: string): string {
	try {
		return JSON.parse(`"${json.replace(/\\u?[\da-f]{0,3}$/i, '')}"`) as string;
	} catch {
		return json;
	}
}

/** One short line of plain text out of anything a server may have sent. */
export function plainText(
	text: string | undefined,
	redact: (words: string) => string = (words) => words,
): string | undefined {
	if (!text) return undefined;
	const isLong = text.length > MAX_SOURCE_LENGTH;
	const source = redact(isLong ? `${text.slice(0, MAX_SOURCE_LENGTH)}${CUT}` : text);
	const line = (isLong ? source.slice(0, -CUT.length) : source)
		// Terminal escapes first, while their control characters still mark them.
		// eslint-disable-next-line no-control-regex
		.replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)?/g, '')
		.replace(/<[^>]*>?/g, ' ')
		.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim();
	if (!line) return undefined;
	const characters = Array.from(redact(line));
	const isCut = characters.length > MAX_MESSAGE_LENGTH || isLong;
	const shown = characters.slice(0, MAX_MESSAGE_LENGTH).join('').trimEnd();
	return isCut ? redact(`${shown}${CUT}`) : shown;
}
