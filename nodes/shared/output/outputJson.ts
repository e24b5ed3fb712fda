import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { COMBINED_FILES, type ItemSettings } from '../settings/itemSettings';
import { fieldsOf } from '../settings/untyped';
import type { Earlier } from './earlierVerdicts';
import type { ErrorCode } from './errorCodes';
import type { Judgment } from './judgment';
import { simplifiedFiles } from './simplified';

type Place = Pick<ItemSettings, 'outputField' | 'includeInputFields' | 'includeFiles'>;

/** The fields that the node adds to an item, in this order. Undefined removes a field. */
export function addedFields(
	{ summary, files, isDoubtful }: Judgment,
	earlier: Earlier,
	{
		error,
		simplifies,
	}: { error: { message: string; code: ErrorCode } | undefined; simplifies: boolean },
): IDataObject {
	const errorCode = error?.code ?? (isDoubtful ? earlier.errorCode : undefined);
	const isMended = earlier.errorCode !== undefined && !errorCode;
	return {
		...withoutNeedless(summary, earlier),
		...(error && { error: error.message }),
		...(isMended && { error: undefined }),
		bitMind: {
			...(errorCode && { errorCode }),
			...((files.length > 0 || !errorCode) &&
				(simplifies ? simplifiedFiles(files) : { files: [...files] })),
		},
	};
}

/** Fields are set to undefined rather than deleted: n8n adds the input's fields on the error output. */
function withoutNeedless(summary: Judgment['summary'], { carried }: Earlier): IDataObject {
	const needed = Object.entries(summary).filter(
		([name, value]) => value !== undefined || name in carried,
	);
	return Object.fromEntries(needed);
}

/** The fields to change in an item without anything to check: those that are no longer true. */
export function changedFields(
	{ bitMind, ...fields }: IDataObject,
	{ carried, hasStaleFiles }: Earlier,
): IDataObject {
	const changed = Object.entries(fields).filter(([name, value]) => carried[name] !== value);
	return { ...Object.fromEntries(changed), ...(hasStaleFiles && { bitMind }) };
}

/** The node's fields, followed by the item's own ones. */
export function outputJson(
	{ json }: INodeExecutionData,
	added: IDataObject,
	{ outputField, includeInputFields, includeFiles }: Place,
): IDataObject {
	const kept = { ...(includeInputFields && json), ...combinedFiles(json, includeFiles) };
	if (!outputField) return before(kept, added);
	if (Object.keys(added).length === 0) return kept;
	const earlier = includeInputFields ? fieldsOf(json[outputField]) : {};
	return before(kept, { [outputField]: before(earlier, added) });
}

/** Tables and schemas show fields in their order. A field stays where it was inserted first. */
function before(kept: IDataObject, added: IDataObject): IDataObject {
	return { ...added, ...kept, ...added };
}

/**
 * In combined workflows the item's files are in a field of its JSON. It is set to undefined rather than
 * deleted, because n8n adds the input's fields again on the error output.
 */
function combinedFiles(json: IDataObject, includeFiles: boolean): IDataObject {
	if (!(COMBINED_FILES in json)) return {};
	return { [COMBINED_FILES]: includeFiles ? json[COMBINED_FILES] : undefined };
}

const FAILURE_FIELDS = ['error', 'message', 'details'];

/**
 * If a node has an error output, n8n treats an item with only these fields as failed. The name of the
 * output field may make an item look like that.
 */
export function unlikeFailure(json: IDataObject): IDataObject {
	const looksFailed = json.error && Object.keys(json).every((key) => FAILURE_FIELDS.includes(key));
	return looksFailed ? { ...json, bitMind: {} } : json;
}
