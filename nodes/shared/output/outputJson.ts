import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { COMBINED_FILES, type ItemSettings } from '../settings/itemSettings';
import { isObject, type Earlier } from './earlierVerdicts';
import type { ErrorCode } from './errorCodes';
import type { Judgement } from './judgement';

type Place = Pick<ItemSettings, 'outputField' | 'includeInputFields'>;

/** The item's fields among which this package's stand. */
export function fieldsAt({ json }: INodeExecutionData, { outputField }: Place): IDataObject {
	const fields = outputField ? json[outputField] : json;
	return isObject(fields) ? fields : {};
}

/** What the node adds to an item, in this order. A field that is undefined is taken away. */
export function addedFields(
	{ summary, files, isDoubtful }: Judgement,
	earlier: Earlier,
	error: { message: string; code: ErrorCode } | undefined,
): IDataObject {
	const errorCode = error?.code ?? (isDoubtful ? earlier.errorCode : undefined);
	const isMended = earlier.errorCode !== undefined && !errorCode;
	return {
		...withoutNeedless(summary, earlier),
		...(error && { error: error.message }),
		...(isMended && { error: undefined }),
		bitMind: {
			...(errorCode && { errorCode }),
			...((files.length > 0 || !errorCode) && { files: [...files] }),
		},
	};
}

/** Deleting would not do: n8n puts the input's fields back on the error output. */
function withoutNeedless(summary: Judgement['summary'], { carried }: Earlier): IDataObject {
	const needed = Object.entries(summary).filter(
		([name, value]) => value !== undefined || name in carried,
	);
	return Object.fromEntries(needed) as IDataObject;
}

/** Of an item that this node found nothing to check in: what is no longer true of it. */
export function changedFields(
	{ bitMind, ...fields }: IDataObject,
	{ carried, hasStaleFiles }: Earlier,
): IDataObject {
	const changed = Object.entries(fields).filter(
		([name, value]) => Reflect.get(carried, name) !== value,
	);
	return { ...Object.fromEntries(changed), ...(hasStaleFiles && { bitMind }) };
}

/** The item's own fields with those of this node in their place. */
export function outputJson(
	{ json }: INodeExecutionData,
	added: IDataObject,
	{ outputField, includeInputFields }: Place,
): IDataObject {
	const kept: IDataObject = includeInputFields ? { ...json } : filesOf(json);
	if (!outputField) return { ...kept, ...added };
	if (Object.keys(added).length === 0) return kept;
	const earlier = includeInputFields ? json[outputField] : undefined;
	return { ...kept, [outputField]: { ...(isObject(earlier) && earlier), ...added } };
}

/** In combined workflows the item's files are fields of its json; they are kept in any case. */
function filesOf(json: IDataObject): IDataObject {
	return COMBINED_FILES in json ? { [COMBINED_FILES]: json[COMBINED_FILES] } : {};
}

const FAILURE_FIELDS = ['error', 'message', 'details'];

/**
 * Where a node has an error output, n8n takes an item with no fields but these for one that failed.
 * The name of the output field may make an item look like that.
 */
export function unlikeFailure(json: IDataObject): IDataObject {
	const looksFailed = json.error && Object.keys(json).every((key) => FAILURE_FIELDS.includes(key));
	return looksFailed ? { ...json, bitMind: {} } : json;
}
