import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Outcome } from '../../../client';
import type { ItemPlan } from '../input/itemPlans';
import type { Execution, InputItem } from '../settings/execution';
import { readEarlier } from './earlierVerdicts';
import { ownResults, type FileResult } from './fileResults';
import { judge } from './judgment';
import { itemError, type ItemError } from './nodeErrors';
import { addedFields, changedFields, outputJson, unlikeFailure } from './outputJson';
import { overlookedFields } from './overlookedFields';
import type { RoutedItem } from './routing';

/** One output item for each input item, in the same order. */
export function outputItems(
	execution: Execution,
	plans: readonly ItemPlan[],
	outcomes: readonly Outcome[],
): RoutedItem[] {
	const isMistaken = overlookedFields(execution, plans).length > 0;
	let next = 0;
	return execution.items.map((item, index) => {
		const plan = plans[index] as ItemPlan;
		const own = outcomes.slice(next, (next += plan.files.length));
		const input = { execution, item, index };
		const found = { own: ownResults(plan, own, execution.media), isMistaken };
		return outputItem(
			input,
			plan,
			found,
			itemError(input, plan.problem, { files: plan.files, outcomes: own }),
		);
	});
}

interface Found {
	/** What this node has found out about the item's files. */
	own: readonly FileResult[];
	isMistaken: boolean;
}

function outputItem(
	input: InputItem,
	plan: ItemPlan,
	found: Found,
	error: ItemError | undefined,
): RoutedItem {
	const { execution, item } = input;
	const { settings, skipped, held } = plan;
	const earlier = readEarlier(item, plan);
	const hasFailed = error !== undefined;
	const judgment = judge({
		...found,
		hasFailed,
		skipped,
		held: [...held.keys()],
		earlier,
		settings,
	});
	const added = addedFields(judgment, earlier, { error, simplifies: settings.simplifies });
	const isUnchecked = !hasFailed && found.own.length === 0;
	// n8n adds the input's fields again to items on the error output.
	const keepsFields = isUnchecked || (hasFailed && execution.hasErrorOutput);
	const json = outputJson(item, isUnchecked ? changedFields(added, earlier) : added, {
		...settings,
		includeInputFields: settings.includeInputFields || keepsFields,
	});
	const told = execution.hasErrorOutput && !hasFailed ? unlikeFailure(json) : json;
	const { route } = judgment;
	return { item: outputOf(input, told, settings), route, ...(error && { error: error.nodeError }) };
}

/** Drops everything else that an item brings, such as another node's error. */
function outputOf(
	{ item: { binary }, index }: InputItem,
	json: IDataObject,
	{ includeFiles }: ItemPlan['settings'],
): INodeExecutionData {
	return { json, ...(binary && includeFiles && { binary }), pairedItem: { item: index } };
}
