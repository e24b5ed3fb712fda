import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Memory, Verdict } from '../../client';
import type { Execution } from './settings/execution';
import { nodeIdsOf } from './settings/hostContext';
import { fieldsOf } from './settings/untyped';
import { MAX_REMEMBERED } from './settings/runSettings';

const DAY_MS = 24 * 60 * 60_000;
/** Characters of a hash: 132 bits are enough to tell files apart. */
const HASH_LENGTH = 22;
/** The key in the workflow's static data. */
const KEY = 'bitMindVerdicts';

interface Remembered {
	source: string;
	hash: string;
	fingerprint: string;
	/** Milliseconds since 1970. */
	at: number;
	verdict: Verdict;
}

/** The stored form. It is short, because all verdicts are written each time. */
type Stored = [
	fingerprint: string,
	at: number,
	isAI: 0 | 1,
	confidence: number,
	requestId: string | null,
	batchPosition: number,
	processingTime: number | null,
];

/** Verdicts by source (API and account), and then by file hash. */
type StoredBySource = Record<string, Record<string, Stored>>;

/** The verdicts that a node remembers. */
export interface VerdictMemory {
	/** @param source the API and account; verdicts from other sources are not used */
	of: (source: string) => Memory;
	/** Hands the verdicts to n8n, which stores them after production executions but not after manual ones. */
	save: () => void;
}

/**
 * Opens the memory, which is stored with the workflow under the node's ID, because its name may change.
 *
 * @param now milliseconds since 1970
 */
export function openMemory(
	{ context, node }: Execution,
	days: number,
	now = Date.now(),
): VerdictMemory {
	const since = now - days * DAY_MS;
	const known = new Map<string, Remembered>();
	const fingerprints = new Set<string>();
	for (const each of [...readFormer(context), ...readStored(storedFor(context, node.id))]) {
		if (each.at < since) continue;
		known.set(keyOf(each.source, each.hash), each);
		fingerprints.add(each.fingerprint);
	}
	let isChanged = false;
	return {
		of: (source) => ({
			mayKnow: (fingerprint) => fingerprints.has(fingerprint),
			recall: (hash) => known.get(keyOf(source, hash))?.verdict,
			remember: (hash, fingerprint, verdict) => {
				const at = verdict.checkedAt ?? now;
				known.set(keyOf(source, hash), { source, hash, fingerprint, at, verdict });
				isChanged = true;
			},
		}),
		save: () => {
			if (isChanged) store(context, node.id, write([...known.values()]));
		},
	};
}

function keyOf(source: string, hash: string): string {
	return `${hash.slice(0, HASH_LENGTH)} ${source}`;
}

function storedFor(context: IExecuteFunctions, nodeId: string): unknown {
	return fieldsOf(context.getWorkflowStaticData('global')[KEY])[nodeId];
}

/** Drops the verdicts of nodes that the workflow no longer has. */
function store(context: IExecuteFunctions, nodeId: string, text: string): void {
	const data = context.getWorkflowStaticData('global');
	const nodeIds = nodeIdsOf(context);
	const others = Object.entries(fieldsOf(data[KEY])).filter(([id]) => nodeIds?.has(id) ?? true);
	data[KEY] = { ...Object.fromEntries(others), [nodeId]: text };
	delete context.getWorkflowStaticData('node')[KEY];
}

/** The newest verdicts, as one JSON text so that n8n doesn't watch each part of it for changes. */
function write(known: readonly Remembered[]): string {
	const newest = [...known].sort((a, b) => b.at - a.at).slice(0, MAX_REMEMBERED);
	const all: StoredBySource = {};
	for (const { source, hash, fingerprint, at, verdict } of newest) {
		const { isAI, confidence, requestId, batchPosition, processingTime } = verdict;
		const given = [isAI ? 1 : 0, confidence, requestId ?? null] as const;
		(all[source] ??= {})[hash.slice(0, HASH_LENGTH)] = [
			fingerprint,
			at,
			...given,
			batchPosition,
			processingTime ?? null,
		];
	}
	return JSON.stringify(all);
}

function readStored(text: unknown): Remembered[] {
	return Object.entries(parse(text)).flatMap(([source, files]) => readSource(source, files));
}

/** Version 0.1 stored them under the node's name, for one source at a time. */
function readFormer(context: IExecuteFunctions): Remembered[] {
	const { source, files } = fieldsOf(context.getWorkflowStaticData('node')[KEY]);
	return typeof source === 'string' ? readSource(source, parse(files)) : [];
}

/** Ignores anything that isn't in the stored form. */
function readSource(source: string, files: unknown): Remembered[] {
	return Object.entries(fieldsOf(files)).flatMap(([hash, stored]) => {
		if (!isStored(stored)) return [];
		const [fingerprint, at, isAI, confidence, requestId, batchPosition, processingTime] = stored;
		const verdict: Verdict = {
			isAI: isAI === 1,
			confidence,
			batchPosition,
			checkedAt: at,
			...(requestId !== null && { requestId }),
			...(processingTime !== null && { processingTime }),
		};
		return [{ source, hash, fingerprint, at, verdict }];
	});
}

function parse(text: unknown): IDataObject {
	try {
		return fieldsOf(JSON.parse(String(text)));
	} catch {
		return {};
	}
}

/** Without a schema library: checking ten thousand verdicts with one takes a quarter of a second. */
function isStored(value: unknown): value is Stored {
	if (!Array.isArray(value)) return false;
	const fields: unknown[] = value;
	const [fingerprint, at, isAI, confidence, requestId, batchPosition, processingTime] = fields;
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
