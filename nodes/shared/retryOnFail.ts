import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { DetectResult, Outcome } from '../../client';
import type { ItemFile, ItemPlan } from './input/itemPlans';

/**
 * n8n's 'Retry On Fail' runs a node again as a whole, with the very same items. What an earlier try
 * has paid for is kept with them, and gone with them.
 */
const verdicts = new WeakMap<INodeExecutionData, Map<string, Outcome>>();

/** Checks the files on which no earlier try has had a verdict, and gives those of the others, too. */
export async function checkOnce(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	plans: readonly ItemPlan[],
	check: (
		files: readonly ItemFile[],
		known: readonly (Outcome | undefined)[],
	) => Promise<DetectResult>,
): Promise<DetectResult> {
	const files = plans.flatMap((plan) => plan.files);
	const { id, retryOnFail } = context.getNode();
	if (!retryOnFail) return await check(files, []);

	const places = plans.flatMap((plan, index) => {
		const kept = keptWith(items[index] as INodeExecutionData);
		return plan.files.map(({ field }) => ({ kept, key: `${id} ${field}` }));
	});
	const known = places.map(({ kept, key }) => kept.get(key));
	const result = await check(files, known);
	result.outcomes.forEach((outcome, index) => {
		const place = places[index];
		if (outcome.verdict) place?.kept.set(place.key, outcome);
	});
	return result;
}

function keptWith(item: INodeExecutionData): Map<string, Outcome> {
	const kept = verdicts.get(item) ?? new Map<string, Outcome>();
	verdicts.set(item, kept);
	return kept;
}
