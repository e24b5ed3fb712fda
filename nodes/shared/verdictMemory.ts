import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Memory, Verdict } from '../../client';
import { MAX_REMEMBERED } from './settings/runSettings';

const DAY_MS = 24 * 60 * 60_000;
/** Characters of a hash: 132 bits are enough to tell files apart. */
const HASH_LENGTH = 22;

interface Remembered {
	fingerprint: string;
	/** Milliseconds since 1970. */
	at: number;
	verdict: Verdict;
}

/** As it is stored: short, because all of it is written each time. */
type Stored = [
	fingerprint: string,
	at: number,
	isAI: 0 | 1,
	confidence: number,
	requestId: string | null,
	batchPosition: number,
	processingTime: number | null,
];

export interface NodeMemory extends Memory {
	/** Hands to n8n what is to be kept. It stores it after production runs, not after manual ones. */
	save: () => void;
}

/**
 * The verdicts that this node has had in the last days, in the workflow's static data.
 *
 * @param source where verdicts come from: those of another API are forgotten
 * @param now milliseconds since 1970
 */
export function openMemory(
	context: IExecuteFunctions,
	days: number,
	source: string,
	now: number,
): NodeMemory {
	const data = context.getWorkflowStaticData('node');
	const known = read(data, source, now - days * DAY_MS);
	const fingerprints = new Set(Array.from(known.values(), ({ fingerprint }) => fingerprint));
	let isChanged = false;
	return {
		mayKnow: (fingerprint) => fingerprints.has(fingerprint),
		recall: (hash) => known.get(shorten(hash))?.verdict,
		remember: (hash, fingerprint, verdict) => {
			known.set(shorten(hash), { fingerprint, at: now, verdict });
			isChanged = true;
		},
		save: () => {
			if (isChanged) data.bitMindVerdicts = { source, files: write(known) };
		},
	};
}

function shorten(hash: string): string {
	return hash.slice(0, HASH_LENGTH);
}

/** The newest ones. A JSON text, so that n8n need not watch each part of it for changes. */
function write(known: ReadonlyMap<string, Remembered>): string {
	const newest = [...known].sort(([, a], [, b]) => b.at - a.at).slice(0, MAX_REMEMBERED);
	const stored = newest.map(([hash, { fingerprint, at, verdict }]): [string, Stored] => {
		const { isAI, confidence, requestId, batchPosition, processingTime } = verdict;
		const given = [isAI ? 1 : 0, confidence, requestId ?? null] as const;
		return [hash, [fingerprint, at, ...given, batchPosition, processingTime ?? null]];
	});
	return JSON.stringify(Object.fromEntries(stored));
}

function read(data: IDataObject, source: string, from: number): Map<string, Remembered> {
	const { bitMindVerdicts } = data as { bitMindVerdicts?: { source?: unknown; files?: unknown } };
	const known = new Map<string, Remembered>();
	if (bitMindVerdicts?.source !== source) return known;
	for (const [hash, stored] of Object.entries(parse(bitMindVerdicts.files))) {
		// What others may have written there is as good as forgotten.
		if (!isStored(stored) || stored[1] < from) continue;
		const [fingerprint, at, isAI, confidence, requestId, batchPosition, processingTime] = stored;
		const verdict: Verdict = {
			isAI: isAI === 1,
			confidence,
			batchPosition,
			...(requestId !== null && { requestId }),
			...(processingTime !== null && { processingTime }),
		};
		known.set(hash, { fingerprint, at, verdict });
	}
	return known;
}

function parse(files: unknown): object {
	try {
		return Object(JSON.parse(String(files))) as object;
	} catch {
		return {};
	}
}

/** By hand: with a schema, ten thousand of them would take a quarter of a second. */
function isStored(value: unknown): value is Stored {
	if (!Array.isArray(value)) return false;
	const [fingerprint, at, isAI, confidence, requestId, batchPosition, processingTime] =
		value as unknown[];
	return (
		typeof fingerprint === 'string' &&
		typeof at === 'number' &&
		(isAI === 0 || isAI === 1) &&
		typeof confidence === 'number' &&
		(requestId === null || typeof requestId === 'string') &&
		typeof batchPosition === 'number' &&
		(processingTime === null || typeof processingTime === 'number')
	);
}
