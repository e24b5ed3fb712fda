import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import type { MediaKind, Outcome } from '../../../client';
import { bandOf, bandOfEarlier, DEFAULT_BANDS, isBand, lift } from '../settings/bands';
import {
	earlierFailure,
	earlierFields,
	fileResult,
	hasVerdict,
	isAboutFile,
	isObject,
	isPartial,
	withEarlier,
	type FileResult,
} from './fileResults';
import type { ItemFile, ItemPlan } from '../input/itemPlans';
import { COMBINED_FILES, type ItemSettings } from '../settings/itemSettings';
import { failureError, problemError, type NodeError } from './nodeErrors';
import { textOf } from '../settings/parameters';
import type { RoutedItem } from './routing';

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
		const plan = plans[index] as ItemPlan;
		const { files, problem, settings } = plan;
		const own = outcomes.slice(next, (next += files.length));
		const failure = own.find((outcome) => outcome.failure)?.failure;
		const error =
			(problem && problemError(node, problem, media, index)) ??
			(failure && failureError(node, failure, media, index));
		if (!error && files.length === 0) return passedItem(item, index, plan);

		const results = own.map((outcome, place) =>
			fileResult(files[place] as ItemFile, outcome, media),
		);
		if (!error) return checkedItem(item, index, results, plan);
		const failed = failedItem(item, index, error, results, settings, hasErrorOutput);
		// Where it does not leave by an error output, somebody has to look at it.
		return { item: failed, route: 'review' };
	});
}

/** The item with the verdicts on its files. */
function checkedItem(
	item: INodeExecutionData,
	index: number,
	files: readonly FileResult[],
	{ settings, skipped }: ItemPlan,
): RoutedItem {
	const all = withEarlier(item, files, settings);
	const verdicts = all.filter(hasVerdict);
	const confidence = verdicts.reduce((highest, file) => Math.max(highest, file.confidence), 0);
	// An earlier node may have failed for another file of the item, or for all that it should check.
	const earlierError = earlierFailure(item, settings);
	const isMended =
		earlierError !== undefined &&
		verdicts.length === all.length &&
		isAboutFile(earlierError, item, settings);
	const hasFailures = verdicts.length < all.length || (earlierError !== undefined && !isMended);
	const doubts = { hasFailures, isPartial: isPartial(skipped, all) };
	const own = bandOf(confidence, settings.bands ?? DEFAULT_BANDS);
	const band = lift(own, doubts, settings.uncheckedRoute);
	const added = {
		isAI: verdicts.some(({ isAI }) => isAI),
		confidence,
		...(settings.bands && { verdict: band }),
		bitMind: { files: all },
		// That of an earlier try, of which nothing is left.
		...(isMended && { error: undefined }),
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
function passedItem(
	item: INodeExecutionData,
	index: number,
	{ settings, skipped }: ItemPlan,
): RoutedItem {
	const { bands, uncheckedRoute } = settings;
	const { isAI, confidence, verdict } = earlierFields(item, settings);
	const error = earlierFailure(item, settings);
	// A 'confidence' or 'verdict' alone may be that of some other service.
	const isChecked = /^(true|false)$/i.test(textOf(isAI));
	const own = isChecked && bands ? bandOfEarlier(isAI, confidence, bands) : null;
	const earlier = isChecked && isBand(verdict) ? verdict : own;
	const files = withEarlier(item, [], settings);
	// A verdict without its files was made smaller since: it stands for all of them.
	const doubts = {
		hasFailures: error !== undefined,
		isPartial: files.length > 0 && isPartial(skipped, files),
	};
	const band = earlier && lift(earlier, doubts, uncheckedRoute);
	const added: IDataObject = {
		...(!isChecked && { isAI: null, confidence: null }),
		...(bands && verdict !== band && { verdict: band }),
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
