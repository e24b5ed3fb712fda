import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { fieldsOf } from '../settings/untyped';
import type { ItemFiles } from './itemFiles';

/**
 * What n8n's forms write about an uploaded file into the item's JSON, under the label of the form's
 * field. The file itself is in a binary field whose name is derived from the label.
 */
interface FormFile {
	filename: string;
	mimetype: string;
	size: number;
}

export function isFormFile(value: unknown): value is FormFile {
	const { filename, mimetype, size } = fieldsOf(value);
	return typeof filename === 'string' && typeof mimetype === 'string' && typeof size === 'number';
}

/** The files under a label in an item's JSON; none for any other value. */
export function formFilesUnder(json: IDataObject, label: string): FormFile[] {
	const value: unknown = Object.hasOwn(json, label) ? json[label] : undefined;
	return asList(value).filter(isFormFile);
}

/**
 * The binary fields of uploaded files, in their order: by the labels that the item still has, or by
 * name and size.
 *
 * @returns undefined if one of them is ambiguous, because others have the same name and size
 */
export function fieldsOfForm(
	wanted: readonly FormFile[],
	json: IDataObject,
	files: ItemFiles,
): string[] | undefined {
	const taken = new Set<string>();
	for (const file of wanted) {
		const labeled = fieldsByLabel(file, json).filter(
			(field) => files.get(field)?.bytes === file.size,
		);
		const alike = [...files].flatMap(([field, data]) => (isUpload(data, file) ? [field] : []));
		const candidates = labeled.length > 0 ? labeled : alike;
		const field = candidates.find((each) => !taken.has(each));
		const isGuess = candidates.length > wanted.filter((other) => isSame(other, file)).length;
		if (field === undefined || isGuess) return undefined;
		taken.add(field);
	}
	return [...taken];
}

/** Names as n8n creates them: only letters, digits and _, with a number for one of several files. */
function fieldsByLabel(file: FormFile, json: IDataObject): string[] {
	return Object.entries(json).flatMap(([label, value]) => {
		const name = label.replace(/\W/g, '_');
		return asList(value).flatMap((each, index) =>
			isFormFile(each) && isSame(each, file) ? [`${name}_${index}`, name] : [],
		);
	});
}

function isUpload(data: IBinaryData, { filename, mimetype, size }: FormFile): boolean {
	// n8n leaves out the folder that some browsers send.
	const name = filename.split(/[\\/]/).pop();
	return data.fileName === name && (!mimetype || data.mimeType === mimetype) && data.bytes === size;
}

function isSame(one: FormFile, other: FormFile): boolean {
	return (
		one.filename === other.filename && one.mimetype === other.mimetype && one.size === other.size
	);
}

function asList(value: unknown): unknown[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list;
}
