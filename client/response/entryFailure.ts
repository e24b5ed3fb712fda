/** How an entry of an answer may say that its file failed: all of it is undocumented. */

type Fields = Readonly<Record<string, unknown>>;

const FAILING =
	/fail|error|^err$|inval|reject|unsup|skip|time.?out|corrupt|unread|denied|cancel|abort|missing|pending|unknown/i;
const FINE = /^(none|null|false|no[ _-]?errors?|ok)$/i;

/** An entry may say 'ok' and still lack a verdict. */
export function speaksOfFailing({ error, errors, status, success }: Fields): boolean {
	return isSaid(error) || isSaid(errors) || success === false || isFailing(status);
}

/** A certain 'no' with a remark beside it: what a server fills in for a file that it could not read. */
export function looksLikePlaceholder(
	{ isAI, confidence }: { isAI: boolean; confidence: number },
	{ message, detail }: Fields,
): boolean {
	return !isAI && confidence === 0 && (isSaid(message) || isSaid(detail));
}

/** Empty containers, and words for 'none', say nothing. */
function isSaid(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() !== '' && !FINE.test(value.trim());
	if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
	return Boolean(value);
}

function isFailing(status: unknown): boolean {
	if (typeof status === 'number') return status >= 400;
	if (typeof status === 'string') return !FINE.test(status) && FAILING.test(status);
	return typeof status === 'object' && status !== null && isFailing((status as Fields).code);
}
