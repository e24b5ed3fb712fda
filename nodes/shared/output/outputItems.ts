import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Outcome } from '../../../client';
import type { ItemPlan } from '../input/itemPlans';
import type { Execution, InputItem } from '../settings/execution';
import { readEarlier } from './earlierVerdicts';
import { fileResult, refusedResult, type FileResult } from './fileResults';
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
		const found = { own: ownResults(execution, plan, own), isMistaken };
		return outputItem(
			input,
			plan,
			found,
			itemError(input, plan.problem, { files: plan.files, outcomes: own }),
		);
	});
}

function ownResults(
	{ media }: Execution,
	{ files, refused, settings, held }: ItemPlan,
	outcomes: readonly Outcome[],
): FileResult[] {
	const sent = files.flatMap((file, place) => {
		const outcome = outcomes[place];
		return outcome ? [fileResult(file, outcome, media, settings)] : [];
	});
	const results = [...sent, ...refused.map((file) => refusedResult(file, media))];
	// An expression may give files of another node, which the item itself does not hold.
	return results.map((result) =>
		held.get(result.field) === result.fileName ? result : { ...result, elsewhere: true },
	);
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
	const { route } = judgment;
	const added = addedFields(judgment, earlier, { error, simplifies: settings.simplifies });
	if (error) {
		// n8n adds the input's fields again to items on the error output.
		const includeInputFields = settings.includeInputFields || execution.hasErrorOutput;
		const json = outputJson(item, added, { ...settings, includeInputFields });
		return { item: outputOf(input, json, settings), route, error: error.nodeError };
	}
	const json =
		found.own.length > 0
			? outputJson(item, added, settings)
			: outputJson(item, changedFields(added, earlier), { ...settings, includeInputFields: true });
	const told = execution.hasErrorOutput ? unlikeFailure(json) : json;
	return { item: outputOf(input, told, settings), route };
}

/** Drops everything else that an item brings, such as another node's error. */
function outputOf(
	{ item: { binary }, index }: InputItem,
	json: IDataObject,
	{ includeFiles }: ItemPlan['settings'],
): INodeExecutionData {
	return { json, ...(binary && includeFiles && { binary }), pairedItem: { item: index } };
}
