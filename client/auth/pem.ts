/** Never across another block's edge: where an end is missing, a key may stand behind it. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----)[\s\S])*)-----END \1-----/g;
const INTACT =
	/^(-----BEGIN [A-Z0-9 ]+-----\n([\w+/=:, ][\w+/=:, -]{0,75}\n)+-----END [A-Z0-9 ]+-----(\n|$))+$/;
const LINE_LENGTH = 64;
/** With nothing between it and the base64 that follows, only its length tells where the salt ends. */
const OLD_HEADER =
	/Proc-Type:\s*\d,\s*ENCRYPTED|DEK-Info:\s*(?:(?:AES|ARIA|CAMELLIA|SEED)[\w-]*,\s*[\dA-Fa-f]{32}|[\w-]+,\s*[\dA-Fa-f]{16})/g;

/**
 * PEM text as OpenSSL writes it, out of what a form field made of it: line breaks lost, or written
 * out as `\n`, or Windows ones. Text around the blocks is left out, chains are kept, and a PEM that
 * is in order stays as it is to the letter, because its base64 is what the server compares.
 *
 * @returns undefined where there is no PEM block
 */
export function normalizePem(text: string): string | undefined {
	const withBreaks = text.replace(/\\+r/g, '').replace(/\\+n/g, '\n').replace(/\r\n?/g, '\n');
	// The line break that form fields trim off is part of what the server compares.
	if (INTACT.test(withBreaks)) return withBreaks.replace(/\n?$/, '\n');
	const blocks = Array.from(withBreaks.matchAll(BLOCK), ([, label, content]) =>
		rewrap(label as string, content as string),
	);
	return blocks.length > 0 ? blocks.join('') : undefined;
}

/** The blocks of one kind, each as a PEM of its own. */
export function pemBlocks(pem: string, label: RegExp): string[] {
	return Array.from(pem.matchAll(BLOCK))
		.filter(([, found]) => label.test(found as string))
		.map(([block]) => `${block}\n`);
}

function rewrap(label: string, content: string): string {
	// An old encrypted key says how it is encrypted before its base64: 'Proc-Type: …', 'DEK-Info: …'.
	const headers = Array.from(content.matchAll(OLD_HEADER), ([header]) => header);
	const body = headers
		.reduce((rest, header) => rest.replace(header, ''), content)
		.replace(/\s+/g, '');
	const lines = body.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
	const head = headers.length > 0 ? [...headers, ''] : [];
	return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ''].join('\n');
}
