import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import type { Outcome } from '../../client/detect';
import type { MediaKind } from '../../client/mediaKind';
import { bandOf, DEFAULT_BANDS, isBand } from './bands';
import { COMBINED_FILES } from './binaryFields';
import { failureWords } from './failureWords';
import type { ItemFile, ItemPlan } from './inputFiles';
import { failureError, problemError, type NodeError } from './nodeErrors';
import type { RoutedItem } from './routing';
import type { ItemSettings } from './settings';

/** One item for each input item, in the input's order. */
export function outputItems(
	node: INode,
	items: readonly INodeExecutionData[],
	plans: readonly ItemPlan[],
	outcomes: readonly Outcome[],
	media: MediaKind,
): RoutedItem[] {
	const hasErrorOutput = node.onError === 'continueErrorOutput';
	let next = 0;
	return items.map((item, index) => {
		const { files, problem, settings } = plans[index] as ItemPlan;
		const own = outcomes.slice(next, (next += files.length));
		const failure = own.find((outcome) => outcome.failure)?.failure;
		const error =
			(problem && problemError(node, problem, media, index)) ??
			(failure && failureError(node, failure, media, index));
		if (!error && files.length === 0) return passedItem(item, index, settings);

		const results = own.map((outcome, place) =>
			fileResult(files[place] as ItemFile, outcome, media),
		);
		if (!error) return checkedItem(item, index, results, settings);
		const failed = failedItem(item, index, error, results, settings, hasErrorOutput);
		// Where it does not leave by an error output, somebody has to look at it.
		return { item: failed, route: 'review' };
	});
}

/** A file's entry in `bitMind.files`. */
export type FileResult = IDataObject & { field: string; fileName: string };

/** A file's verdict as it stands in the output, or why there is none. */
function fileResult(
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

/** The item with the verdicts on its files. */
function checkedItem(
	item: INodeExecutionData,
	index: number,
	files: readonly FileResult[],
	settings: ItemSettings,
): RoutedItem {
	const all = withEarlier(item, files, settings);
	const verdicts = all.filter(hasVerdict);
	const confidence = verdicts.reduce((highest, file) => Math.max(highest, file.confidence), 0);
	const own = bandOf(confidence, settings.bands ?? DEFAULT_BANDS);
	// An earlier node may have failed for another file of the item.
	const isPartial = verdicts.length < all.length;
	const band = own === 'authentic' && isPartial ? 'review' : own;
	const added = {
		isAI: verdicts.some(({ isAI }) => isAI),
		confidence,
		...(settings.bands && { verdict: band }),
		bitMind: { files: all },
	};
	return { item: output(item, index, added, settings), route: band };
}

/**
 * The item with the reason why it failed, and what is known of its files all the same. A verdict
 * that an earlier node gave for the whole item stands no longer.
 */
function failedItem(
	item: INodeExecutionData,
	index: number,
	error: NodeError,
	files: readonly FileResult[],
	settings: ItemSettings,
	hasErrorOutput: boolean,
): INodeExecutionData {
	const all = withEarlier(item, files, settings);
	const added: IDataObject = {
		error: error.message,
		...(all.length > 0 && { bitMind: { files: all } }),
	};
	for (const name of ['isAI', 'confidence', 'verdict']) {
		// Deleting would not do: n8n puts the input's fields back on the error output.
		if (name in earlierFields(item, settings)) added[name] = undefined;
	}
	const failed = output(item, index, added, settings);
	// n8n reduces items that still carry an error after routing to its message alone. Not being
	// enumerable, this one is seen by the routing and left behind by it.
	if (hasErrorOutput) Object.defineProperty(failed, 'error', { value: error, enumerable: false });
	return failed;
}

/**
 * An item without a file to check, as the user lets it pass. Only where it carries no verdict of an
 * earlier node it says that it has none.
 */
function passedItem(item: INodeExecutionData, index: number, settings: ItemSettings): RoutedItem {
	const { bands, uncheckedRoute } = settings;
	const { isAI, confidence, verdict, error } = earlierFields(item, settings);
	const isChecked = typeof confidence === 'number';
	const band = isBand(verdict) ? verdict : isChecked && bands ? bandOf(confidence, bands) : null;
	const added: IDataObject = {
		...(isAI === undefined && { isAI: null, confidence: null }),
		...(bands && !isBand(verdict) && { verdict: band }),
	};
	const whole = { ...settings, includeInputFields: true };
	return {
		item:
			Object.keys(added).length > 0
				? output(item, index, added, whole)
				: { ...item, pairedItem: { item: index } },
		// What an earlier node could not check must not go for authentic.
		route: band ?? (error ? 'review' : uncheckedRoute),
	};
}

function output(
	{ json, binary }: INodeExecutionData,
	index: number,
	added: IDataObject,
	{ outputField, includeInputFields }: ItemSettings,
): INodeExecutionData {
	const kept: IDataObject = includeInputFields ? { ...json } : filesOf(json);
	if (outputField) {
		const earlier = includeInputFields ? json[outputField] : undefined;
		kept[outputField] = { ...(isObject(earlier) && earlier), ...added };
	} else {
		Object.assign(kept, added);
	}
	return { json: kept, ...(binary && { binary }), pairedItem: { item: index } };
}

/** In combined workflows the item's files are fields of its json; they are kept in any case. */
function filesOf(json: IDataObject): IDataObject {
	return COMBINED_FILES in json ? { [COMBINED_FILES]: json[COMBINED_FILES] } : {};
}

/** So that both nodes can stand in a row: verdicts on other fields of the item are kept. */
function withEarlier(
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

function earlierFields({ json }: INodeExecutionData, { outputField }: ItemSettings): IDataObject {
	const fields = outputField ? json[outputField] : json;
	return isObject(fields) ? fields : {};
}

function hasVerdict(file: FileResult): file is FileResult & { isAI: boolean; confidence: number } {
	return typeof file.isAI === 'boolean' && typeof file.confidence === 'number';
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
