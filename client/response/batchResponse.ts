import { z } from 'zod';
import type { NoVerdictReason } from '../model/failures';
import type { Verdict } from '../model/outcome';
import { isFine, isPlaceholder, saysFailed } from './entryFailure';
import { parseJson } from './json';
import type { Redact } from './redaction';
import { plainText, messageIn } from './serverMessage';

/** What a response holds for one file of the request. */
export type Entry =
	| { kind: 'verdict'; verdict: Verdict }
	/** The server's own refusal of this file: final. */
	| { kind: 'refused'; serverMessage: string }
	/** Nothing that can be trusted: worth asking once more. */
	| { kind: 'unusable'; reason: NoVerdictReason };

export type BatchResponse =
	| {
			kind: 'entries';
			requestId: string | undefined;
			/** One for each file of the request. */
			entries: Entry[];
			/** Entries with a verdict or a refusal. */
			usable: number;
			/** What the server says of the whole, if it gives nothing usable. */
			serverMessage: string | undefined;
	  }
	| { kind: 'unreadable'; serverMessage: string | undefined };

/** How a response is to be read. */
export interface ReadingRules {
	/** Files in the request. */
	fileCount: number;
	/** An earlier response of the run counted the files from one. */
	countsFromOne: boolean;
	redact: Redact;
}

/** Doubled and superfluous entries should be recognized, too. */
const MAX_ENTRIES_PER_FILE = 10;
const MAX_EXTRA_ENTRIES = 100;

/** A confidence may lie so far outside 0 to 1, as binary fractions do. */
const ROUNDING = 1e-6;

const batchSchema = z.object({
	batch_results: z.array(z.unknown()),
	request_id: z.union([z.string(), z.number()]).transform(String).optional().catch(undefined),
});

const positionSchema = z.object({ batch_position: z.number().int().nonnegative() });

const verdictSchema = z.object({
	isAI: z.boolean(),
	confidence: z
		.number()
		.min(-ROUNDING)
		.max(1 + ROUNDING)
		.transform((confidence) => Math.min(1, Math.max(0, confidence))),
	processingTime: z.number().optional().catch(undefined),
});

/**
 * Reads the response to a batch. Nothing but `batch_position` ties an entry to a file: the order of
 * entries is not documented. A position that is missing or claimed by entries that contradict each
 * other makes a gap for its own file only; nothing is guessed. Of a response that counts from one
 * nothing is believed: each verdict would be that of the file before.
 */
export function readBatchResponse(text: string, rules: ReadingRules): BatchResponse {
	const { fileCount, redact } = rules;
	const body = parseJson(text);
	const batch = isEndless(body, fileCount) ? undefined : batchSchema.safeParse(body).data;
	if (!batch) return { kind: 'unreadable', serverMessage: saidIn(body, redact) };

	const requestId = plainText(batch.request_id, redact);
	const byPosition = groupByPosition(batch.batch_results);
	const isShifted = !byPosition.has(0) && (byPosition.has(fileCount) || rules.countsFromOne);
	const entries = Array.from({ length: fileCount }, (_, position): Entry => {
		if (isShifted && byPosition.size > 0) return { kind: 'unusable', reason: 'shifted' };
		const claims = byPosition.get(position) ?? [];
		return agreeing(claims.map((claim) => readEntry(claim, position, { requestId, redact })));
	});
	const usable = entries.filter(({ kind }) => kind !== 'unusable').length;
	const serverMessage = usable === 0 ? saidIn(body, redact) : undefined;
	return { kind: 'entries', requestId, entries, usable, serverMessage };
}

/**
 * A response has one entry for each file. One with very many more is no response to this request, and
 * reading them all would hold the whole process up.
 */
function isEndless(body: unknown, fileCount: number): boolean {
	const results = (body as { batch_results?: unknown } | null)?.batch_results;
	const max = MAX_ENTRIES_PER_FILE * fileCount + MAX_EXTRA_ENTRIES;
	return Array.isArray(results) && results.length > max;
}

type Result = Record<string, unknown>;

function groupByPosition(results: readonly unknown[]): Map<number, Result[]> {
	const byPosition = new Map<number, Result[]>();
	for (const result of results) {
		const position = positionSchema.safeParse(result).data?.batch_position;
		if (position === undefined) continue;
		const claims = byPosition.get(position) ?? [];
		byPosition.set(position, [...claims, result as Result]);
	}
	return byPosition;
}

/** What the entries for one file say together. */
function agreeing(claims: readonly Entry[]): Entry {
	const [first, ...others] = claims;
	if (!first) return { kind: 'unusable', reason: 'missing' };
	const isAgreed = others.every((other) => essence(other) === essence(first));
	return isAgreed ? first : { kind: 'unusable', reason: 'contradictory' };
}

function essence(entry: Entry): string {
	if (entry.kind !== 'verdict') return entry.kind;
	return `${entry.verdict.isAI} ${entry.verdict.confidence}`;
}

function saidIn(body: unknown, redact: Redact): string | undefined {
	return typeof body === 'object' ? plainText(messageIn(body), redact) : undefined;
}

function readEntry(
	result: Result,
	batchPosition: number,
	{ requestId, redact }: { requestId: string | undefined; redact: Redact },
): Entry {
	const verdict = verdictSchema.safeParse(result).data;
	const hasFailed = saysFailed(result) || (verdict && isPlaceholder(verdict, result));
	if (verdict && !hasFailed) {
		return { kind: 'verdict', verdict: { ...verdict, requestId, batchPosition } };
	}
	const words = plainText(messageIn(result), redact);
	if (!hasFailed && (!words || isFine(words))) return { kind: 'unusable', reason: 'incomplete' };
	const serverMessage = words ?? plainText(statusIn(result), redact) ?? 'no reason given';
	return { kind: 'refused', serverMessage };
}

function statusIn({ status }: Result): string | undefined {
	const isSaid = typeof status === 'string' || typeof status === 'number';
	return isSaid ? `status ${status}` : undefined;
}
