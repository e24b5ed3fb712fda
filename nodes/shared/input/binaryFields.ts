import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { InputItem } from '../settings/execution';
import { InputProblemError, type InputProblem } from '../settings/inputProblem';
import { COMBINED_FILES } from '../settings/itemSettings';
import { textOf } from '../settings/parameters';

/** A file of an item, by the field that holds it. */
export interface BinaryField {
	field: string;
	data: IBinaryData;
}

const LABEL = 'Input Binary Field';

/** What an item has of the files that are wanted of it. */
export interface FoundFields {
	fields: BinaryField[];
	/** Why one of them is not to be had. */
	problem: InputProblem | undefined;
}

/**
 * The files that 'Input Binary Field' names, in its order: field names separated by commas, with *
 * as a wildcard, or binary objects from an expression.
 *
 * @param isLenient fields that the item lacks are left out
 */
export function readBinaryFields(input: InputItem, isLenient: boolean): FoundFields {
	const { execution, item, index } = input;
	const parameter = execution.parameters.read('binaryPropertyName', LABEL, index);
	const available = fieldNames(item);
	const found = new Map<string, BinaryField>();
	const all = readWanted(parameter, item, available);
	let lack: InputProblem | undefined;
	let problem: InputProblem | undefined;
	if (all.length === 0) lack = { kind: 'noFile', available };
	for (const wanted of all) {
		if (wanted === NOTHING) {
			lack ??= { kind: 'noFile', available };
		} else if (typeof wanted === 'string') {
			const matches = findByName(input, wanted, available);
			if (matches.length === 0) lack ??= lacking(wanted, available);
			for (const match of matches) add(match, found);
		} else {
			const { match, problem: withoutContent } = findByObject(item, wanted, available);
			if (match) add(match, found);
			problem ??= withoutContent;
		}
	}
	return { fields: Array.from(found.values()), problem: isLenient ? problem : (lack ?? problem) };
}

function lacking(field: string, available: readonly string[]): InputProblem {
	return field.includes('*')
		? { kind: 'noMatch', pattern: field, available }
		: { kind: 'noField', field, available };
}

/** All files of an item, wanted or not: their names by their fields. */
export function heldFiles(input: InputItem): ReadonlyMap<string, string> {
	const held = new Map<string, string>();
	for (const field of fieldNames(input.item)) {
		const data = lookUp(input, field);
		if (data) held.set(field, typeof data.fileName === 'string' ? data.fileName : '');
	}
	return held;
}

/** Two files from elsewhere may bear one name; one file that is named twice counts once. */
function add({ field, data }: BinaryField, found: Map<string, BinaryField>): void {
	let name = field;
	for (let number = 2; ; number++) {
		const other = found.get(name)?.data;
		if (!other || (data.id ? other.id === data.id : other.data === data.data)) break;
		name = `${field} (${number})`;
	}
	found.set(name, { field: name, data });
}

/** Where an expression gives nothing for a file. */
const NOTHING = Symbol('nothing');

type Wanted = string | object | typeof NOTHING;

function readWanted(
	parameter: unknown,
	item: INodeExecutionData,
	available: readonly string[],
): Wanted[] {
	if (parameter === undefined || parameter === null) return [NOTHING];
	if (Array.isArray(parameter)) {
		return parameter.flatMap((each: unknown) => readWanted(each, item, available));
	}
	if (typeof parameter === 'object') {
		if (!isMap(parameter)) return [parameter];
		return Object.entries(parameter).map(([field, file]) =>
			isSameFile(asBinaryData(file), fileOf(item, field)) ? field : file,
		);
	}
	const text = textOf(parameter).trim();
	// A field may have a comma in its name.
	const names = available.includes(text) ? [text] : text.split(',').map((name) => name.trim());
	const wanted = names.filter(Boolean);
	if (wanted.length > 0) return wanted;
	const rule = 'the name of a binary field';
	throw new InputProblemError({ kind: 'badParameter', label: LABEL, rule, value: text });
}

/** All files of an item, as the expression $binary gives them. */
function isMap(value: object): value is Record<string, object> {
	return Object.values(value).every((each) => typeof each === 'object' && each !== null);
}

/** n8n's own nodes take a path into json in combined workflows; `data` and `_files.data` are one. */
function findByName(input: InputItem, wanted: string, available: readonly string[]): BinaryField[] {
	const name = wanted.startsWith(`${COMBINED_FILES}.`)
		? wanted.slice(COMBINED_FILES.length + 1)
		: wanted;
	const names = name.includes('*') ? available.filter(matcher(name)) : [name];
	return names.flatMap((field) => {
		const data = lookUp(input, field) ?? ask(input, wanted);
		return data ? [{ field, data }] : [];
	});
}

function lookUp(input: InputItem, field: string): IBinaryData | undefined {
	const { item } = input;
	if (Object.hasOwn(item.binary ?? {}, field)) return item.binary?.[field];
	// Only n8n knows whether the workflow is a combined one; elsewhere `_files` is just data that
	// anybody may have sent.
	if (!Object.hasOwn(combinedFiles(item), field)) return undefined;
	return ask(input, `${COMBINED_FILES}[${JSON.stringify(field)}]`);
}

function ask({ execution, index }: InputItem, path: string): IBinaryData | undefined {
	try {
		const data = execution.context.helpers.assertBinaryData(index, path);
		// A path such as 'constructor' leads to something else.
		return typeof data.id === 'string' || typeof data.data === 'string' ? data : undefined;
	} catch {
		return undefined;
	}
}

/** An expression's object may lack the content, as n8n leaves inline content out of expressions. */
function findByObject(
	item: INodeExecutionData,
	wanted: object,
	available: readonly string[],
): { match?: BinaryField; problem?: InputProblem } {
	const given = asBinaryData(wanted);
	const same = available.filter((field) => isSameFile(given, fileOf(item, field)));
	// Of several that look alike only an id or the content tells which one is meant.
	const own = same.length === 1 || given.id || given.data ? same[0] : undefined;
	const data = given.id || given.data ? (given as IBinaryData) : own && fileOf(item, own);
	const field = own ?? given.fileName ?? '';
	if (!data || !(data.id || data.data)) return { problem: { kind: 'noContent', field } };
	return { match: { field, data } };
}

/** Expressions give anything: what is no text is not there. */
function asBinaryData(wanted: object): Partial<IBinaryData> {
	const texts = Object.entries(wanted).filter(([, value]) => typeof value === 'string');
	return Object.fromEntries(texts);
}

function isSameFile(given: Partial<IBinaryData>, own: IBinaryData | undefined): boolean {
	if (!own) return false;
	if (given.id ?? own.id) return given.id === own.id;
	if (given.data && given.data !== own.data) return false;
	return (
		given.fileName === own.fileName &&
		given.mimeType === own.mimeType &&
		given.fileSize === own.fileSize
	);
}

function fileOf(item: INodeExecutionData, field: string): IBinaryData | undefined {
	return item.binary?.[field] ?? combinedFiles(item)[field];
}

function fieldNames(item: INodeExecutionData): string[] {
	const names = [...Object.keys(item.binary ?? {}), ...Object.keys(combinedFiles(item))];
	return Array.from(new Set(names));
}

function combinedFiles(item: INodeExecutionData): Record<string, IBinaryData> {
	const files: unknown = item.json[COMBINED_FILES];
	const areFiles = typeof files === 'object' && files !== null && !Array.isArray(files);
	return areFiles ? (files as Record<string, IBinaryData>) : {};
}

function matcher(pattern: string): (name: string) => boolean {
	const literals = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	const expression = new RegExp(`^${literals.join('.*')}$`, 's');
	return (name) => expression.test(name);
}
