import { parseJson } from './json';

/** Characters of a server's own words that a message may carry. */
const LONGEST_MESSAGE = 300;
/** Characters that are looked at for them. */
const LONGEST_SOURCE = 20 * LONGEST_MESSAGE;

/** End of a message that was longer. */
export const CUT = '…';

/**
 * A server's own words about a refusal, fit for people, logs and terminals: from whichever field of
 * the body holds them (its shape is not documented), without markup and control characters, short.
 * Of a web page its title; undefined where there are none.
 */
export function serverMessage(text: string, contentType: string): string | undefined {
	const body = parseJson(text);
	if (body !== undefined) return plainWords(wordsIn(body));
	// Plain text is an answer too.
	return plainWords(looksLikeHtml(text, contentType) ? titleOf(text) : text);
}

function titleOf(page: string): string | undefined {
	const [, title, end] = /<title[^>]*>([^<]*)(<?)/i.exec(page.slice(0, LONGEST_SOURCE)) ?? [];
	// Cut in its middle, a secret is known by the mark alone.
	return title && !end ? `${title}${CUT}` : title;
}

export function looksLikeHtml(text: string, contentType: string): boolean {
	return /\bhtml\b/i.test(contentType) || /^\s*(<!doctype|<html|<head|<body)/i.test(text);
}

/** The words in a body, or in an entry of an answer, that says `error`, `message` or `detail`. */
export function wordsIn(body: unknown, depth = 0): string | undefined {
	if (typeof body === 'string') return body;
	if (depth > 3 || typeof body !== 'object' || body === null) return undefined;
	if (Array.isArray(body)) {
		const words = body.slice(0, 3).map((each) => wordsIn(each, depth + 1));
		return words.filter(Boolean).join('; ') || undefined;
	}
	const fields = body as Record<string, unknown>;
	for (const name of ['error_description', 'detail', 'message', 'msg', 'error', 'title']) {
		const words = wordsIn(fields[name], depth + 1);
		if (words) return words;
	}
	return undefined;
}

/** One short line of plain text out of anything a server may have sent. */
export function plainWords(text: string | undefined): string | undefined {
	if (!text) return undefined;
	const line = text
		.slice(0, LONGEST_SOURCE)
		// Terminal escapes first, while their control characters still mark them.
		// eslint-disable-next-line no-control-regex
		.replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)?/g, '')
		.replace(/<[^>]*>?/g, ' ')
		.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim();
	if (!line) return undefined;
	const characters = Array.from(line);
	const isCut = characters.length > LONGEST_MESSAGE || text.length > LONGEST_SOURCE;
	return isCut ? `${characters.slice(0, LONGEST_MESSAGE).join('').trimEnd()}${CUT}` : line;
}
