import { z } from 'zod';
import { parseJson } from './json';
import { plainWords, wordsIn } from './serverMessage';

/** What the API says of one file, passed on as returned. */
export interface Verdict {
	isAI: boolean;
	/** Probability that the content is AI-generated, 0 to 1. */
	confidence: number;
	/** Seconds, where the API gave them. */
	processingTime?: number;
	requestId?: string;
	/** Place of the file in its request. */
	batchPosition: number;
}

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
	| { kind: 'unreadable'; reason: 'notJson' | 'notBatch' };

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
 */
export function readBatchAnswer(text: string, fileCount: number): BatchAnswer {
	const body = parseJson(text);
	if (body === undefined) return { kind: 'unreadable', reason: 'notJson' };
	const batch = batchSchema.safeParse(body);
	if (!batch.success) return { kind: 'unreadable', reason: 'notBatch' };

	const requestId = plainWords(batch.data.request_id);
	const entries: Entry[] = Array.from({ length: fileCount }, () => MISSING);
	const claimed = new Set<number>();
	for (const result of batch.data.batch_results) {
		const place = positionSchema.safeParse(result);
		if (!place.success || place.data.batch_position >= fileCount) continue;
		const position = place.data.batch_position;
		entries[position] = claimed.has(position)
			? { kind: 'gap', reason: 'contradictory' }
			: readEntry(result, position, requestId);
		claimed.add(position);
	}
	return { kind: 'entries', requestId, entries };
}

const MISSING: Entry = { kind: 'gap', reason: 'missing' };

function readEntry(result: unknown, batchPosition: number, requestId: string | undefined): Entry {
	const { error, status } = result as Record<string, unknown>;
	const parsed = verdictSchema.safeParse(result);
	// A verdict beside an error is a placeholder.
	const hasFailed = Boolean(error) || speaksOfFailing(status);
	if (parsed.success && !hasFailed) {
		return { kind: 'verdict', verdict: { ...parsed.data, requestId, batchPosition } };
	}
	const words = plainWords(wordsIn(result));
	if (!words && !hasFailed) return { kind: 'gap', reason: 'incomplete' };
	const unnamed = error ? undefined : plainWords(`status ${String(status)}`);
	return { kind: 'refused', serverMessage: words ?? unnamed ?? 'no reason given' };
}

/** An entry may say 'ok' and still lack a verdict. */
function speaksOfFailing(status: unknown): boolean {
	if (typeof status === 'number') return status >= 400;
	return typeof status === 'string' && /fail|error|^err$|inval|reject|unsup/i.test(status);
}
