import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { MediaKind, Outcome } from '../../../client';
import { failureWords } from '../messages/failureMessages';
import type { ItemFile } from '../input/itemPlans';
import type { ItemSettings } from '../settings/itemSettings';

/** A file's entry in `bitMind.files`. */
export type FileResult = IDataObject & { field: string; fileName: string };

/** A file's verdict as it stands in the output, or why there is none. */
export function fileResult(
	{ field, fileName }: ItemFile,
	{ verdict, failure, reused }: Outcome,
	media: MediaKind,
): FileResult {
	const mark = reused && { reused };
	if (verdict) {
		const { isAI, confidence, processingTime, requestId, batchPosition } = verdict;
		const given = { isAI, confidence, processingTime, requestId, batchPosition };
		return { field, fileName, ...given, ...mark };
	}
	const { requestId } = failure;
	const { message } = failureWords(failure, media);
	return { field, fileName, error: message, ...(requestId && { requestId }), ...mark };
}

/** So that both nodes can stand in a row: verdicts on other fields of the item are kept. */
export function withEarlier(
	item: INodeExecutionData,
	files: readonly FileResult[],
	settings: ItemSettings,
): FileResult[] {
	const bitMind = earlierFields(item, settings).bitMind;
	const earlier: unknown = isObject(bitMind) ? bitMind.files : undefined;
	if (!Array.isArray(earlier)) return [...files];
	const isOther = (each: unknown): each is FileResult =>
		isObject(each) && !files.some(({ field }) => field === each.field);
	return [...earlier.filter(isOther), ...files];
}

/** What an earlier node like this one may have added to the item. */
export function earlierFields(
	{ json }: INodeExecutionData,
	{ outputField }: ItemSettings,
): IDataObject {
	const fields = outputField ? json[outputField] : json;
	return isObject(fields) ? fields : {};
}

/** Why an earlier node like this one could not check the item: n8n's own nodes say it otherwise. */
export function earlierFailure(
	item: INodeExecutionData,
	settings: ItemSettings,
): string | undefined {
	const { error } = earlierFields(item, settings);
	return typeof error === 'string' && OWN_ERROR.test(error) ? error : undefined;
}

const OWN_ERROR = / \[item \d+\]$/;

/** Whether it was one of the item's files that it failed for, so that its verdict is an end of it. */
export function isAboutFile(
	failure: string,
	item: INodeExecutionData,
	settings: ItemSettings,
): boolean {
	const reason = failure.replace(OWN_ERROR, '');
	return withEarlier(item, [], settings).some(({ error }) => error === reason);
}

/** Whether there are files that neither this node nor an earlier one has looked into. */
export function isPartial(skipped: readonly string[], checked: readonly FileResult[]): boolean {
	return skipped.some((field) => !checked.some((file) => file.field === field));
}

export function hasVerdict(
	file: FileResult,
): file is FileResult & { isAI: boolean; confidence: number } {
	return typeof file.isAI === 'boolean' && typeof file.confidence === 'number';
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
