/** Never spans two blocks: if an END line is missing, the next block may be a key. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----)[\s\S])*)-----END \1-----/g;
const INTACT =
	/^(-----BEGIN [A-Z0-9 ]+-----\n([\w+/=:, ][\w+/=:, -]{0,75}\n)+-----END [A-Z0-9 ]+-----(\n|$))+$/;
const LINE_LENGTH = 64;
/** The salt's length is fixed, because a lost line break leaves nothing between it and the base64. */
const OLD_HEADER =
	/Proc-Type:\s*\d,\s*ENCRYPTED|DEK-Info:\s*(?:(?:AES|ARIA|CAMELLIA|SEED)[\w-]*,\s*[\dA-Fa-f]{32}|[\w-]+,\s*[\dA-Fa-f]{16})/g;

/**
 * Repairs PEM text that a form field has changed: lost line breaks, literal `\n`, or Windows line
 * breaks. Drops text around the blocks and keeps chains. A PEM that is intact stays exactly as it is,
 * because the server compares its base64.
 *
 * @returns undefined if there is no PEM block
 */
export function normalizePem(text: string): string | undefined {
	const withBreaks = text.replace(/\\+r/g, '').replace(/\\+n/g, '\n').replace(/\r\n?/g, '\n');
	// Form fields trim the last line break, which is part of what the server compares.
	if (INTACT.test(withBreaks)) return withBreaks.replace(/\n?$/, '\n');
	const blocks = Array.from(withBreaks.matchAll(BLOCK), ([, label = '', content = '']) =>
		rewrap(label, content),
	);
	return blocks.length > 0 ? blocks.join('') : undefined;
}

/** The blocks with a matching label, each as a separate PEM text. */
export function pemBlocks(pem: string, label: RegExp): string[] {
	return Array.from(pem.matchAll(BLOCK))
		.filter(([, found = '']) => label.test(found))
		.map(([block]) => `${block}\n`);
}

function rewrap(label: string, content: string): string {
	// Old encrypted keys have headers before the base64: 'Proc-Type: …', 'DEK-Info: …'.
	const headers = Array.from(content.matchAll(OLD_HEADER), ([header]) => header);
	const body = headers
		.reduce((rest, header) => rest.replace(header, ''), content)
		.replace(/\s+/g, '');
	const lines = body.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
	const head = headers.length > 0 ? [...headers, ''] : [];
	return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ''].join('\n');
}
