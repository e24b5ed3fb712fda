import { isRecord } from './json';
import { messageIn } from './serverMessage';

/** Recognizes entries that say that their file failed. None of this is documented. */

type Fields = Readonly<Record<string, unknown>>;

/** Matches a whole `status`, so that 'completed_without_errors' doesn't count. */
const FAILED_STATUS =
	/^(fail(ed|ure)?|err(or(ed)?)?|invalid|reject(ed)?|unsupported|skipped|time(d[ _-]?)?out|corrupt(ed)?|unreadable|denied|cancel(l?ed)?|abort(ed)?|missing|pending|unknown)$/i;

/** Values of an `error` field that mean that there is no error. */
const NO_ERROR =
	/^(none|null|nil|false|n\/?a|ok(ay)?|success(ful(ly)?)?|no[ _-]?errors?\b.*|0|200|-)$/i;

const FAILING_WORDS =
	/fail|error|invalid|corrupt|damaged|could ?n[o']t|can ?not|can't|unable|unread|unsupported|unknown|not (a |an )?(valid|support|image|video|read|decod|found|process)|denied|reject|timed? ?out|missing|skipped/i;
const FINE_WORDS = /\b(no|without|0|zero) (errors?|failures?)\b|\bnot? failed\b/gi;

/** How deep an `error` may be nested. */
const MAX_DEPTH = 3;

/** Whether an entry clearly says that its file failed, no matter what else it holds. */
export function saysFailed({ error, errors, status, success }: Fields): boolean {
	return success === false || isError(error) || isError(errors) || isFailedStatus(status);
}

/**
 * Whether a verdict is only a placeholder for a file that the server could not read: not AI with
 * confidence 0, and a message about a failure.
 */
export function isPlaceholder(
	{ isAI, confidence }: { isAI: boolean; confidence: number },
	{ message, detail }: Fields,
): boolean {
	return !isAI && confidence === 0 && (speaksOfFailing(message) || speaksOfFailing(detail));
}

/** Whether a message in place of a verdict reports success. */
export function isFine(words: string): boolean {
	return NO_ERROR.test(words.trim()) || /success/i.test(words);
}

function speaksOfFailing(value: unknown): boolean {
	const words = messageIn(value);
	return words !== undefined && FAILING_WORDS.test(words.replace(FINE_WORDS, ''));
}

/** A text, a code or `true`, also nested. Empty containers and words like 'none' don't count. */
function isError(value: unknown, depth = 0): boolean {
	if (typeof value === 'string') return value.trim() !== '' && !NO_ERROR.test(value.trim());
	if (typeof value === 'number') return value !== 0 && value !== 200;
	if (typeof value !== 'object' || value === null) return value === true;
	return depth < MAX_DEPTH && Object.values(value).some((each) => isError(each, depth + 1));
}

function isFailedStatus(status: unknown): boolean {
	if (typeof status === 'string') {
		return FAILED_STATUS.test(status.trim()) || isFailedStatus(Number(status));
	}
	if (typeof status === 'number') return status >= 400 && status < 600;
	return isRecord(status) && isFailedStatus(status.code);
}
