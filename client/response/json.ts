/** Whether a parsed value has fields. An array counts, too. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

/** Parses JSON. Returns undefined if the text isn't JSON. */
export function parseJson(text: string): unknown {
	const json = text.replace(/^\uFEFF/, '');
	try {
		return JSON.parse(json);
	} catch {
		return parseWithoutNaN(json);
	}
}

/** Longer texts are not repaired: a full response has about 10,000 characters. */
const MAX_REPAIRED_CHARACTERS = 256 * 1024;

/** Python writes NaN and Infinity, which JSON doesn't allow. One of them must not lose all verdicts. */
function parseWithoutNaN(text: string): unknown {
	if (text.length > MAX_REPAIRED_CHARACTERS) return undefined;
	const mended = text.replace(
		// An unterminated string matches up to the end of the text. Searching again within it would take
		// time that grows with the square of its length.
		/("(?:[^"\\]|\\.)*(?:"|\\?$))|-?\b(?:NaN|Infinity)\b/gs,
		(_, string: string | undefined) => string ?? 'null',
	);
	try {
		return JSON.parse(mended);
	} catch {
		return undefined;
	}
}
