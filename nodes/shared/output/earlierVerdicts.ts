import type { IDataObject } from 'n8n-workflow';
import { isBand } from '../settings/bands';
import { isErrorCode, type ErrorCode } from './errorCodes';
import type { FileResult } from './fileResults';

/** What an item says of itself when it comes in. */
export interface Earlier {
	/**
	 * What nodes of this package found out about files that the item still holds, or that were given
	 * in their place. Nothing else makes an item checked: any other field may come from a table, a
	 * form or another service.
	 */
	files: readonly FileResult[];
	/** `bitMind.files` has entries that don't count: of files that are gone, or malformed ones. */
	hasStaleFiles: boolean;
	/** An earlier node failed for the item, for this reason. */
	errorCode: ErrorCode | undefined;
	/** An earlier node of this package wrote `verdict`. */
	hasBands: boolean;
	/** Its fields, whoever wrote them. */
	carried: { isAI?: unknown; confidence?: unknown; verdict?: unknown };
}

/**
 * @param fields the item's own fields, or those under the output field
 * @param held the item's files: their names by their fields
 */
export function readEarlier(fields: IDataObject, held: ReadonlyMap<string, string>): Earlier {
	const bitMind = isObject(fields.bitMind) ? fields.bitMind : {};
	const entries: unknown[] = Array.isArray(bitMind.files) ? bitMind.files : [];
	const files = new Map<string, FileResult>();
	for (const entry of entries) {
		const file = readFile(entry);
		if (file && isHeld(file, held)) files.set(file.field, file);
	}
	return {
		files: Array.from(files.values()),
		hasStaleFiles: files.size < entries.length,
		errorCode: isErrorCode(bitMind.errorCode) ? bitMind.errorCode : undefined,
		hasBands: entries.some((entry) => isBand(readFile(entry)?.verdict)),
		carried: fields,
	};
}

/** Undefined for what no node of this package can have written. */
function readFile(entry: unknown): FileResult | undefined {
	if (!isObject(entry) || typeof entry.field !== 'string') return undefined;
	const { field, isAI, confidence, verdict, error, errorCode } = entry;
	if (typeof isAI === 'boolean' && isShare(confidence)) {
		return { ...entry, field, isAI, confidence, verdict: isBand(verdict) ? verdict : undefined };
	}
	if (typeof error !== 'string') return undefined;
	const code = isErrorCode(errorCode) ? errorCode : undefined;
	return { ...entry, field, isAI: undefined, confidence: undefined, error, errorCode: code };
}

/**
 * A field may hold another file by now; files without a name can't be told apart. An item that has
 * lost all its files keeps their verdicts, and files from elsewhere were never its own.
 */
function isHeld(
	{ field, fileName, elsewhere }: FileResult,
	held: ReadonlyMap<string, string>,
): boolean {
	if (held.size === 0 || elsewhere === true) return true;
	const name = held.get(field);
	return name !== undefined && (!name || !fileName || name === fileName);
}

function isShare(value: unknown): value is number {
	return typeof value === 'number' && value >= 0 && value <= 1;
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
