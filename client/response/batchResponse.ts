import { z } from 'zod';
import type { NoVerdictReason } from '../model/failures';
import type { Verdict } from '../model/outcome';
import { isFine, isPlaceholder, saysFailed } from './entryFailure';
import { isRecord, parseJson } from './json';
import type { Redact } from './redaction';
import { plainText, messageIn } from './serverMessage';

/** A response's entry for one file of the request. */
export type Entry =
	| { kind: 'verdict'; verdict: Verdict }
	/** The server refused this file. Final. */
	| { kind: 'refused'; serverMessage: string }
	/** Nothing that can be trusted. The file is sent again, once. */
	| { kind: 'unusable'; reason: NoVerdictReason };

export type BatchResponse =
	| {
			kind: 'entries';
			requestId: string | undefined;
			/** One per file of the request. */
			entries: Entry[];
			/** Entries with a verdict or a refusal. */
			usable: number;
			/** The response's own message, if no entry is usable. */
			serverMessage: string | undefined;
	  }
	| { kind: 'unreadable'; serverMessage: string | undefined };

/** What has to be known to read a response. */
export interface ReadingRules {
	/** Files in the request. */
	fileCount: number;
	/** An earlier response of the run counted the files from one. */
	countsFromOne: boolean;
	redact: Redact;
}

/** More than the documented one per file, so that duplicate and extra entries are still read. */
const MAX_ENTRIES_PER_FILE = 10;
const MAX_EXTRA_ENTRIES = 100;

/** Rounding may put a confidence this far outside 0 to 1. */
const ROUNDING = 1e-6;

const batchSchema = z.object({
	batch_results: z.array(z.unknown()),
	request_id: z.union([z.string(), z.number()]).transform(String).optional().catch(undefined),
});

const claimSchema = z.object({ batch_position: z.number().int().nonnegative() }).passthrough();

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
 * Reads the response to a batch. Only `batch_position` ties an entry to a file, because the order of
 * the entries is not documented. A missing or contradictory position makes the entry of that file
 * unusable, and no other; nothing is guessed. If the response counts the files from one, all of it is
 * unusable, because each verdict would go to the wrong file.
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
 * A response should have one entry per file. One with far more entries can't belong to this request,
 * and reading them all would block the process.
 */
function isEndless(body: unknown, fileCount: number): boolean {
	const results = isRecord(body) && body.batch_results;
	const max = MAX_ENTRIES_PER_FILE * fileCount + MAX_EXTRA_ENTRIES;
	return Array.isArray(results) && results.length > max;
}

type Result = z.infer<typeof claimSchema>;

function groupByPosition(results: readonly unknown[]): Map<number, Result[]> {
	const byPosition = new Map<number, Result[]>();
	for (const result of results) {
		const claim = claimSchema.safeParse(result).data;
		if (!claim) continue;
		const claims = byPosition.get(claim.batch_position) ?? [];
		byPosition.set(claim.batch_position, [...claims, claim]);
	}
	return byPosition;
}

/** The one entry that several entries for the same file agree on. */
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
