import type { Failure } from '../model/failures';
import { CUT, plainWords } from './serverMessage';

/** The failure with every secret taken out of what somebody else wrote. */
export function withoutSecrets(failure: Failure, secrets: readonly string[]): Failure {
	const { serverMessage, requestId } = failure;
	return {
		...failure,
		...(serverMessage && { serverMessage: conceal(serverMessage, secrets) }),
		...(requestId && { requestId: conceal(requestId, secrets) }),
	};
}

/** Somebody else's words, as `plainWords` left them, with every secret taken out. */
export function conceal(words: string, secrets: readonly string[]): string {
	const longestFirst = secrets
		.filter(({ length }) => length >= SHORTEST_SECRET)
		.flatMap(quotations)
		.sort((a, b) => b.length - a.length);
	return longestFirst.reduce(withoutSecret, words);
}

/** Shorter texts stand in ordinary words. */
const SHORTEST_SECRET = 4;

/** As it is, and as forms, JSON, web pages and headers carry it, each after `plainWords`, too. */
function quotations(secret: string): string[] {
	const formed = new URLSearchParams({ '': secret }).toString().slice('='.length);
	const forms = [
		secret,
		...[formed, formed.replaceAll('+', '%20')].flatMap((text) => [text, withSmallHex(text)]),
		JSON.stringify(secret).slice(1, -1),
		secret.replace(/[&<>"']/g, (character) => HTML[character] ?? character),
		inBase64(secret),
		inBase64(`Bearer ${secret}`),
	];
	return Array.from(new Set(forms.flatMap((form) => [form, plainWords(form) ?? form]))).filter(
		({ length }) => length >= SHORTEST_SECRET,
	);
}

const HTML: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function withSmallHex(text: string): string {
	return text.replace(/%../g, (code) => code.toLowerCase());
}

function inBase64(text: string): string {
	return Buffer.from(text).toString('base64').replace(/=+$/, '');
}

function withoutSecret(text: string, secret: string): string {
	const shown = text.replaceAll(secret, '***');
	if (!shown.endsWith(CUT)) return shown;
	// Its beginning may be all that was left of it when the message was shortened.
	const longest = Math.min(secret.length, shown.length) - 1;
	for (let length = longest; length >= SHORTEST_SECRET; length--) {
		const rest = `${secret.slice(0, length)}${CUT}`;
		if (shown.endsWith(rest)) return `${shown.slice(0, -rest.length)}***${CUT}`;
	}
	return shown;
}
