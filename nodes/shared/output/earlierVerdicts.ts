import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ItemPlan } from '../input/itemPlans';
import { isBand } from '../settings/bands';
import { fieldsOf, isObject } from '../settings/untyped';
import { isErrorCode, type ErrorCode } from './errorCodes';
import type { FileResult } from './fileResults';
import { readLine, tagOf } from './simplified';

/** Where an earlier node may have written, and the files that the item holds now. */
interface EarlierPlace {
	settings: Pick<ItemPlan['settings'], 'outputField'>;
	held: ItemPlan['held'];
}

/** What an item says about itself when it arrives. */
export interface Earlier {
	/**
	 * What nodes of this package found out about files that the item still holds, or that an expression
	 * gave. Nothing else makes an item checked: other fields may come from a table, a form or another
	 * service.
	 */
	files: readonly FileResult[];
	/** `bitMind.files` has entries that don't count: for files that are gone, or malformed ones. */
	hasStaleFiles: boolean;
	/** Why an earlier node failed for this item. */
	errorCode: ErrorCode | undefined;
	/** An earlier node of this package wrote `verdict`. */
	hasBands: boolean;
	/** Its fields, no matter which node wrote them. */
	carried: IDataObject;
}

/** Reads the fields that an earlier node may have written: the item's own, or those under its output field. */
export function readEarlier(
	{ json }: Pick<INodeExecutionData, 'json'>,
	{ settings: { outputField }, held }: EarlierPlace,
): Earlier {
	const fields = fieldsOf(outputField ? json[outputField] : json);
	const bitMind = fieldsOf(fields.bitMind);
	const entries = fileEntries(bitMind);
	const files = new Map<string, FileResult>();
	for (const entry of entries) {
		const file = readFile(entry);
		if (file && isHeld(file, held)) files.set(file.field, named(file, held));
	}
	return {
		files: Array.from(files.values()),
		hasStaleFiles: files.size < entries.length,
		errorCode: isErrorCode(bitMind.errorCode) ? bitMind.errorCode : undefined,
		hasBands: entries.some((entry) => isBand(readFile(entry)?.verdict)),
		carried: fields,
	};
}

/** A simplified output has one line for an only file. */
function fileEntries({ files, file }: IDataObject): unknown[] {
	const entries: unknown[] = Array.isArray(files) ? files : [];
	return file === undefined ? entries : [...entries, readLine(file) ?? file];
}

/** Undefined for anything that a node of this package can't have written. */
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
 * A field may hold another file by now; files without a name can't be distinguished. An item that has
 * lost all its files keeps their verdicts, and files from elsewhere never belonged to it.
 */
function isHeld(
	{ field, fileName, elsewhere }: FileResult,
	held: ReadonlyMap<string, string>,
): boolean {
	if (held.size === 0 || elsewhere === true) return true;
	const name = held.get(field);
	return name !== undefined && (!name || !fileName || isSameName(name, fileName));
}

function isSameName(name: string, fileName: string): boolean {
	return name === fileName || tagOf(name) === fileName;
}

/** A simplified output has a tag instead of the name. */
function named(file: FileResult, held: ReadonlyMap<string, string>): FileResult {
	const name = held.get(file.field);
	return name && file.fileName && isSameName(name, file.fileName)
		? { ...file, fileName: name }
		: file;
}

function isShare(value: unknown): value is number {
	return typeof value === 'number' && value >= 0 && value <= 1;
}
