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
	const { error } = result as { error?: unknown };
	const parsed = verdictSchema.safeParse(result);
	if (parsed.success && !error) {
		return { kind: 'verdict', verdict: { ...parsed.data, requestId, batchPosition } };
	}
	const words = refusalWords(result as Record<string, unknown>);
	return words ? { kind: 'refused', serverMessage: words } : { kind: 'gap', reason: 'incomplete' };
}

/** `status` counts only where it speaks of failing: an entry may say 'ok' and still lack a verdict. */
function refusalWords(result: Record<string, unknown>): string | undefined {
	const words = plainWords(wordsIn(result));
	if (words) return words;
	if (result.error) return 'no reason given';
	const { status } = result;
	const hasFailed =
		typeof status === 'number'
			? status >= 400
			: /fail|err|inval|reject|unsup/i.test(String(status ?? ''));
	return hasFailed ? plainWords(`status ${String(status)}`) : undefined;
}
