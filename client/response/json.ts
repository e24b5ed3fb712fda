/** What a JSON text holds; undefined where it is none. */
export function parseJson(text: string): unknown {
	const json = text.replace(/^\uFEFF/, '');
	try {
		return JSON.parse(json);
	} catch {
		return parseWithoutNaN(json);
	}
}

/** Characters up to which it is worth looking for them: a full answer has 10,000. */
const LONGEST_MENDED = 256 * 1024;

/** Python writes numbers that are none as NaN and Infinity: one of them must not cost all others. */
function parseWithoutNaN(text: string): unknown {
	if (text.length > LONGEST_MENDED) return undefined;
	const mended = text.replace(
		// A string without an end goes to the end of the text: to look again from its middle on would
		// take time that grows with the square of its length.
		/("(?:[^"\\]|\\.)*(?:"|\\?$))|-?\b(?:NaN|Infinity)\b/gs,
		(_, string: string | undefined) => string ?? 'null',
	);
	try {
		return JSON.parse(mended);
	} catch {
		return undefined;
	}
}
