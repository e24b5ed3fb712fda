import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { COMBINED_FILES } from '../settings/itemSettings';

/** n8n's name for workflows that keep files in the JSON. Older versions of n8n have no constant for it. */
const COMBINED = 'combined';

/** The files that an item holds, by the names of their fields. */
export type ItemFiles = ReadonlyMap<string, IBinaryData>;

/**
 * Lists the files of an item. In combined workflows they are values of its JSON: most nodes put them
 * into `_files`, and a form puts them next to its other answers. In other workflows the JSON is plain
 * data that anyone may have sent.
 */
export function filesOf(context: IExecuteFunctions, item: INodeExecutionData): ItemFiles {
	const files = new Map(fieldsIn(item.binary));
	if (!isCombined(context)) return files;
	const { [COMBINED_FILES]: combined, ...answers } = item.json;
	for (const [field, file] of [...fieldsIn(combined), ...answersOf(answers)]) {
		if (!files.has(field)) files.set(field, file);
	}
	return files;
}

/** The names of files, wanted or not, by their fields; empty for a file without a name. */
export function namesOf(files: ItemFiles): ReadonlyMap<string, string> {
	const names = Array.from(files, ([field, { fileName }]) => {
		return [field, typeof fileName === 'string' ? fileName : ''] as const;
	});
	return new Map(names);
}

/** Whether n8n keeps files in the JSON, so that a path into it is a valid field name. */
export function isCombined(context: IExecuteFunctions): boolean {
	return context.getWorkflowSettings().binaryMode === COMBINED;
}

/** Any value of a field. Reading it shows whether it is a file. */
function fieldsIn(value: unknown): [string, IBinaryData][] {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
	const entries = Object.entries(value as Record<string, IBinaryData | null | undefined>);
	return entries.flatMap(([field, file]) => (file ? [[field, file]] : []));
}

/** What n8n treats as a file in the JSON. */
function isFile(value: unknown): value is IBinaryData {
	if (typeof value !== 'object' || value === null) return false;
	return 'mimeType' in value && ('data' in value || 'id' in value);
}

/** One file, or several in a list, by their paths in n8n. */
function* answersOf(json: object): Generator<[string, IBinaryData]> {
	for (const [label, value] of Object.entries(json)) {
		if (isFile(value)) yield [label, value];
		if (!Array.isArray(value)) continue;
		for (const [index, file] of value.entries()) {
			if (isFile(file)) yield [`${label}[${index}]`, file];
		}
	}
}
