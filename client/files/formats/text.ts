import type { FileBytes } from './fileBytes';
import type { OtherFile } from './recognized';

/** How far into a web page its title is searched. */
const TITLE_BYTES = 64 * 1024;

/** Shorter texts may look like base64 by chance. */
const MIN_BASE64_LETTERS = 64;

/** From this share of ASCII on, bytes that are not UTF-8 count as text in an older encoding. */
const MIN_ASCII_SHARE = 0.7;

const COMMENTS = /^(<!--[^]*?-->\s*)+/;
const WEB_PAGE =
	/^<(!doctype html|html|head|body|title|meta|link|script|style|div|h[1-6]|p|b|br|center|table|iframe)\b/i;
const XML = /^<(\?xml|!doctype|[a-z_][\w:.-]*[\s/>])/i;
const JSON_START = /^(\{\s*["}]|\[\s*(["[{\]\d-]|true|false|null))/;
const BASE64_HEAD = /^["']?data:[^,]*;base64,/i;

const ENTITIES: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&nbsp;': ' ',
};

/** Returns the kind of text; undefined if the bytes are not text. */
export async function recognizeText(bytes: FileBytes): Promise<OtherFile | undefined> {
	const text = decodeText(bytes.head)?.trimStart().replace(COMMENTS, '');
	if (text === undefined) return undefined;
	if (WEB_PAGE.test(text)) return { kind: 'webPage', title: await readTitle(bytes) };
	if (XML.test(text)) {
		if (/<svg[\s>]/i.test(text)) return { kind: 'svg' };
		if (/<html[\s>]/i.test(text)) return { kind: 'webPage', title: await readTitle(bytes) };
		return { kind: 'xml' };
	}
	return { kind: JSON_START.test(text) ? 'json' : 'text' };
}

/** Base64 text that was saved without being decoded. */
export function findBase64(head: Buffer): string | undefined {
	const text = decodeText(head)?.trim() ?? '';
	const base64 = text.replace(BASE64_HEAD, '').replace(/["'\r\n]+/g, '');
	const isBase64 = base64.length >= MIN_BASE64_LETTERS && /^[\w+/-]+={0,2}$/.test(base64);
	// Names and hashes are long words, too, but use only capital or only small letters.
	return isBase64 && /[A-Z]/.test(base64) && /[a-z]/.test(base64) ? base64 : undefined;
}

/** Undefined if the bytes are not text. */
function decodeText(head: Buffer): string | undefined {
	const mark = head.toString('latin1', 0, 2);
	if (mark === '\xff\xfe') return withoutControls(head.toString('utf16le', 2));
	if (mark === '\xfe\xff') return withoutControls(new TextDecoder('utf-16be').decode(head));
	try {
		// The last character may be cut off.
		const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
		return withoutControls(text);
	} catch {
		const ascii = head.reduce((count, byte) => (byte < 0x80 ? count + 1 : count), 0);
		if (ascii < head.length * MIN_ASCII_SHARE) return undefined;
		return withoutControls(head.toString('latin1'));
	}
}

/** Text has no control characters except line ends and tabs. Above 7F, Windows has letters. */
function withoutControls(text: string): string | undefined {
	return /[^\P{Cc}\s\x80-\x9f]/u.test(text) ? undefined : text;
}

/** Empty if there is no title in the bytes searched. */
async function readTitle(bytes: FileBytes): Promise<string> {
	const start = (await bytes.at(0, Math.min(bytes.size, TITLE_BYTES))) ?? bytes.head;
	const title = /<title[^>]{0,200}>([^<]*)/i.exec(start.toString())?.[1] ?? '';
	return title.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? '').trim();
}
