import type { IBinaryData } from 'n8n-workflow';
import { fieldsOfForm, formFilesUnder, isFormFile } from './formFiles';
import { readBytes } from './content/inlineContent';
import { isCombined, type ItemFiles } from './itemFiles';
import type { InputItem } from '../settings/execution';
import { InputProblemError, type InputProblem } from '../settings/inputProblem';
import { COMBINED_FILES } from '../settings/itemSettings';
import { fieldsOf, textOf } from '../settings/untyped';

/** A file of an item, by the field that holds it. */
export interface BinaryField {
	/** Empty for a file from an expression that no field holds. */
	field: string;
	data: IBinaryData;
}

/** An item, and the files in its fields. */
export interface ItemWithFiles extends InputItem {
	files: ItemFiles;
}

const LABEL = 'Input Binary Field';

/** The wanted files that an item has. */
interface FoundFields {
	fields: BinaryField[];
	/** Why one of them is missing. */
	problem: InputProblem | undefined;
}

/**
 * The files that 'Input Binary Field' names, in its order: field names separated by commas, with *
 * as a wildcard, or binary objects from an expression.
 *
 * @param isLenient whether to leave out fields that the item doesn't have
 */
export function readBinaryFields(input: ItemWithFiles, isLenient: boolean): FoundFields {
	const { execution, files, index } = input;
	const parameter = execution.parameters.read('binaryPropertyName', LABEL, index);
	const available = [...files.keys()];
	const found = new Map<string, BinaryField>();
	const all = readWanted(parameter, input);
	let lack: InputProblem | undefined;
	let problem: InputProblem | undefined;
	if (all.length === 0) lack = { kind: 'noFile', available };
	for (const wanted of all) {
		if (wanted === NOTHING) {
			lack ??= { kind: 'noFile', available };
		} else if (typeof wanted === 'string') {
			const matches = findByName(input, wanted);
			if (matches.length === 0) lack ??= lacking(wanted, available);
			for (const match of matches) addFile(match, found);
		} else {
			const { match, problem: withoutContent } = findByObject(input, wanted);
			if (match) addFile(match, found);
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

/** Two files from elsewhere may have the same name. A file that is named twice counts once. */
function addFile({ field, data }: BinaryField, found: Map<string, BinaryField>): void {
	let name = field;
	for (let number = 2; ; number++) {
		const other = found.get(name)?.data;
		if (!other || other === data) break;
		if (data.id ? other.id === data.id : data.data && other.data === data.data) break;
		name = `${field} (${number})`;
	}
	found.set(name, { field: name, data });
}

/** The result if an expression returns no file. */
const NOTHING = Symbol('nothing');

type Wanted = string | object | typeof NOTHING;

function readWanted(parameter: unknown, input: ItemWithFiles): Wanted[] {
	if (parameter === undefined || parameter === null) return [NOTHING];
	if (typeof parameter !== 'object') return readNames(textOf(parameter), input.files);
	const uploads: unknown[] = Array.isArray(parameter) ? parameter : [parameter];
	if (uploads.length > 0 && uploads.every(isFormFile)) {
		return fieldsOfForm(uploads, input.item.json, input.files) ?? uploads;
	}
	if (Array.isArray(parameter)) {
		return parameter.flatMap((each: unknown) => readWanted(each, input));
	}
	if (readBytes(parameter) || !isMap(parameter)) return [parameter];
	return Object.entries(parameter).flatMap(([field, file]) =>
		isSameFile(file, input.files.get(field)) ? [field] : readWanted(file, input),
	);
}

function readNames(text: string, files: ItemFiles): string[] {
	// A field may have a comma in its name.
	const whole = findName(text, files);
	if (whole !== undefined) return [whole];
	const names = text.split(',').map((name) => findName(name, files) ?? name.trim());
	const wanted = names.filter(Boolean);
	if (wanted.length > 0) return wanted;
	const rule = 'the name of a binary field';
	throw new InputProblemError({ kind: 'badParameter', label: LABEL, rule, value: text });
}

/** Spaces around a name usually come from the list, but may belong to the field's name. */
function findName(text: string, files: ItemFiles): string | undefined {
	const exact = [text, text.trimStart(), text.trim()].find((name) => files.has(name));
	if (exact !== undefined || !text.trim()) return exact;
	// A space at the end of a field's name is invisible, so it may be missing here.
	const alike = [...files.keys()].filter((name) => name.trim() === text.trim());
	return alike.length === 1 ? alike[0] : undefined;
}

/** All files of an item, which is the value of the expression $binary. */
function isMap(value: object): value is Record<string, object> {
	return Object.values(value).every((each) => typeof each === 'object' && each !== null);
}

/** In combined workflows `data` means `_files.data`, and any path into the JSON may lead to a file. */
function findByName(input: ItemWithFiles, wanted: string): BinaryField[] {
	const { files, item } = input;
	const isCombinedPath = wanted.startsWith(`${COMBINED_FILES}.`);
	const name = isCombinedPath ? wanted.slice(COMBINED_FILES.length + 1) : wanted;
	if (name.includes('*')) return pick([...files.keys()].filter(matcher(name)), files);
	if (files.has(name)) return pick([name], files);
	const uploads = formFilesUnder(item.json, name);
	const fields = uploads.length > 0 ? fieldsOfForm(uploads, item.json, files) : undefined;
	if (fields) return pick(fields, files);
	if (!isCombined(input.execution.context)) return [];
	const listed = [...files.keys()].filter((field) => field.replace(/\[\d+\]$/, '') === name);
	if (listed.length > 0) return pick(listed, files);
	const data = ask(input, wanted);
	return data ? [{ field: name, data }] : [];
}

function pick(fields: readonly string[], files: ItemFiles): BinaryField[] {
	return fields.flatMap((field) => {
		const data = files.get(field);
		return data ? [{ field, data }] : [];
	});
}

function ask({ execution, index }: ItemWithFiles, path: string): IBinaryData | undefined {
	try {
		return execution.context.helpers.assertBinaryData(index, path);
	} catch {
		return undefined;
	}
}

/** Finds the content of an expression's object, because n8n leaves inline content out of expressions. */
function findByObject(
	{ files }: ItemWithFiles,
	wanted: object,
): { match?: BinaryField; problem?: InputProblem } {
	const { id, data: content, ...description } = describe(wanted);
	const hasContent = Boolean(id || content || readBytes(wanted));
	const isDescribed = Boolean(id || content || Object.keys(description).length > 0);
	const alike = [...files.keys()].filter((field) => isSameFile(wanted, files.get(field)));
	// If several look alike, only an ID or the content shows which one is meant.
	const own = isDescribed && (alike.length === 1 || hasContent) ? alike[0] : undefined;
	const data = hasContent ? (wanted as IBinaryData) : own && files.get(own);
	const name = isFormFile(wanted) ? wanted.filename : description.fileName;
	const field = own ?? name ?? '';
	if (data) return { match: { field, data } };
	return { problem: { kind: 'noContent', field, available: [...files.keys()] } };
}

interface Described {
	id?: string;
	fileName?: string;
	mimeType?: string;
	fileSize?: string;
	data?: unknown;
}

/** What a binary object says about its file. Values that aren't texts are ignored. */
function describe(wanted: object): Described {
	const { id, fileName, mimeType, fileSize, data } = fieldsOf(wanted);
	const texts = Object.entries({ id, fileName, mimeType, fileSize });
	return { ...Object.fromEntries(texts.filter(([, value]) => typeof value === 'string')), data };
}

function isSameFile(wanted: object, own: IBinaryData | undefined): boolean {
	if (!own) return false;
	const given = describe(wanted);
	if (given.id ?? own.id) return given.id === own.id;
	if (given.data && given.data !== own.data) return false;
	return (
		given.fileName === own.fileName &&
		given.mimeType === own.mimeType &&
		given.fileSize === own.fileSize
	);
}

function matcher(pattern: string): (name: string) => boolean {
	const literals = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	const expression = new RegExp(`^${literals.join('.*')}$`, 's');
	return (name) => expression.test(name);
}
