import { isRecord, parseJson } from './json';

/** Maximum characters of a server's message that are shown. */
const MAX_MESSAGE_LENGTH = 300;
/** Maximum characters of a response that are searched for a message. */
const MAX_SOURCE_LENGTH = 20 * MAX_MESSAGE_LENGTH;

/** Marks a message that was cut. */
export const CUT = '…';

/** Fields that hold a message, the most specific ones first. */
const FIELDS = ['error_description', 'detail', 'message', 'msg', 'error', 'title'];
const FIELD = new RegExp(`"(?:${FIELDS.join('|')})"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 's');

/**
 * The server's own message about a refusal, as one short line without markup and control characters.
 * It may come from any of several fields, because the shape of the body is not documented. For a web
 * page it is the title.
 *
 * @param redact removes secrets from it
 */
export function serverMessage(
	text: string,
	contentType: string,
	redact: (words: string) => string = (words) => words,
): string | undefined {
	const body = parseJson(text);
	if (body !== undefined) return plainText(messageIn(body), redact);
	if (looksLikeHtml(text, contentType)) return plainText(titleOf(text), redact);
	// Plain text is a message too, and so is the part of a truncated JSON text that arrived.
	return plainText(messageInCutJson(text) ?? text, redact);
}

function titleOf(page: string): string | undefined {
	const [, title, end] = /<title[^>]*>([^<]*)(<?)/i.exec(page.slice(0, MAX_SOURCE_LENGTH)) ?? [];
	// The mark shows the redaction that the title, and maybe a secret in it, was cut.
	return title && !end ? `${title}${CUT}` : title;
}

export function looksLikeHtml(text: string, contentType: string): boolean {
	return /\bhtml\b/i.test(contentType) || /^\s*(<!doctype|<html|<head|<body)/i.test(text);
}

/** The message in a body, or in an entry of a response: its `error`, `message`, `detail` or the like. */
export function messageIn(body: unknown, depth = 0): string | undefined {
	if (typeof body === 'string') return body;
	if (depth > 3 || !isRecord(body)) return undefined;
	if (Array.isArray(body)) {
		const words = body.slice(0, 3).map((each) => messageIn(each, depth + 1));
		return words.filter(Boolean).join('; ') || undefined;
	}
	for (const name of FIELDS) {
		const words = messageIn(body[name], depth + 1);
		if (words) return words;
	}
	return undefined;
}

/** The message in a JSON text that breaks off. */
function messageInCutJson(text: string): string | undefined {
	if (!/^\s*[{[]/.test(text)) return undefined;
	const [found, words] = FIELD.exec(text.slice(0, MAX_SOURCE_LENGTH)) ?? [];
	if (!words) return undefined;
	const isWhole = text[text.indexOf(found ?? '') + (found ?? '').length] === '"';
	return `${unescaped(words)}${isWhole ? '' : CUT}`;
}

function unescaped(json: string): string {
	try {
		return String(JSON.parse(`"${json.replace(/\\u?[\da-f]{0,3}$/i, '')}"`));
	} catch {
		return json;
	}
}

/** Turns anything that a server may have sent into one short line of plain text. */
export function plainText(
	text: string | undefined,
	redact: (words: string) => string = (words) => words,
): string | undefined {
	if (!text) return undefined;
	const isLong = text.length > MAX_SOURCE_LENGTH;
	const source = redact(isLong ? `${text.slice(0, MAX_SOURCE_LENGTH)}${CUT}` : text);
	const line = (isLong ? source.slice(0, -CUT.length) : source)
		// Terminal escapes first, while their control characters are still there.
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
