import { z } from 'zod';
import type { Verdict } from '../model/outcome';
import { parseJson } from './json';
import { looksLikePlaceholder, speaksOfFailing } from './entryFailure';
import { plainWords, wordsIn } from './serverMessage';

/** What an answer holds for one file of the request. */
export type Entry =
	| { kind: 'verdict'; verdict: Verdict }
	/** The server's own refusal of this file: final. */
	| { kind: 'refused'; serverMessage: string }
	/** Nothing that can be trusted: worth asking once more. */
	| { kind: 'gap'; reason: GapReason };

export type GapReason = 'missing' | 'contradictory' | 'incomplete';

export type BatchAnswer =
	| { kind: 'entries'; requestId: string | undefined; entries: Entry[] }
	| { kind: 'unreadable'; reason: 'notJson' | 'notBatch'; serverMessage?: string };

/** Doubled and superfluous entries, too, should be seen for what they are. */
const MOST_ENTRIES_PER_FILE = 10;

const batchSchema = z.object({
	batch_results: z.array(z.unknown()),
	request_id: z.union([z.string(), z.number()]).transform(String).optional().catch(undefined),
});

const positionSchema = z.object({ batch_position: z.number().int().nonnegative() });

const verdictSchema = z.object({
	isAI: z.boolean(),
	confidence: z.number().min(0).max(1),
	processingTime: z.number().optional().catch(undefined),
});

/**
 * Reads the answer to a request with `fileCount` files. Nothing but `batch_position` ties an entry
 * to a file: the order of entries is not documented. A position that is missing, claimed twice or
 * impossible makes a gap for its own files only; nothing is guessed.
 *
 * @param conceal takes secrets out of what the server wrote
 */
export function readBatchAnswer(
	text: string,
	fileCount: number,
	conceal: (words: string) => string = (words) => words,
): BatchAnswer {
	const shown = (words: string | undefined) => words && conceal(words);
	const body = parseJson(text);
	if (body === undefined) return { kind: 'unreadable', reason: 'notJson' };
	const batch = isEndless(body, fileCount) ? undefined : batchSchema.safeParse(body).data;
	if (!batch) return { kind: 'unreadable', reason: 'notBatch', serverMessage: shown(saidIn(body)) };

	const requestId = shown(plainWords(batch.request_id));
	const entries: Entry[] = Array.from({ length: fileCount }, () => MISSING);
	if (countsFromOne(batch.batch_results, fileCount)) return { kind: 'entries', requestId, entries };
	const claimed = new Set<number>();
	for (const result of batch.batch_results) {
		const place = positionSchema.safeParse(result);
		if (!place.success || place.data.batch_position >= fileCount) continue;
		const position = place.data.batch_position;
		entries[position] = claimed.has(position)
			? { kind: 'gap', reason: 'contradictory' }
			: readEntry(result as Record<string, unknown>, position, requestId);
		claimed.add(position);
	}
	return { kind: 'entries', requestId, entries };
}

function statusIn({ status }: Record<string, unknown>): string | undefined {
	const isSaid = typeof status === 'string' || typeof status === 'number';
	return isSaid ? plainWords(`status ${status}`) : undefined;
}

/**
 * An answer has one entry for each file. One with very many more is no answer, and reading them all
 * would hold the whole process up.
 */
function isEndless(body: unknown, fileCount: number): boolean {
	const results = (body as { batch_results?: unknown } | null)?.batch_results;
	return Array.isArray(results) && results.length > MOST_ENTRIES_PER_FILE * fileCount + 100;
}

/** Each file's verdict would be that of its neighbour: nothing of such an answer can be trusted. */
function countsFromOne(results: readonly unknown[], fileCount: number): boolean {
	return (
		fileCount > 1 &&
		results.length === fileCount &&
		results.every((result, index) => {
			return positionSchema.safeParse(result).data?.batch_position === index + 1;
		})
	);
}

function saidIn(body: unknown): string | undefined {
	return typeof body === 'object' ? plainWords(wordsIn(body)) : undefined;
}

const MISSING: Entry = { kind: 'gap', reason: 'missing' };

function readEntry(
	result: Record<string, unknown>,
	batchPosition: number,
	requestId: string | undefined,
): Entry {
	const verdict = verdictSchema.safeParse(result).data;
	// A verdict beside an error is a placeholder.
	const hasFailed = speaksOfFailing(result) || (verdict && looksLikePlaceholder(verdict, result));
	if (verdict && !hasFailed) {
		return { kind: 'verdict', verdict: { ...verdict, requestId, batchPosition } };
	}
	const words = plainWords(wordsIn(result));
	if (!words && !hasFailed) return { kind: 'gap', reason: 'incomplete' };
	return { kind: 'refused', serverMessage: words ?? statusIn(result) ?? 'no reason given' };
}
