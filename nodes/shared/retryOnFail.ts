import type { INodeExecutionData } from 'n8n-workflow';
import type { Outcome } from '../../client';
import type { ItemPlan } from './input/itemPlans';
import type { Execution } from './settings/execution';

/**
 * n8n's 'Retry On Fail' runs the whole node again with the same items. So verdicts that an earlier try
 * has paid for are kept with the items, and freed with them.
 */
const verdicts = new WeakMap<INodeExecutionData, Map<string, Outcome>>();

/** The outcomes from earlier tries, by the index of each file among all files of the run. */
interface EarlierTries {
	known: readonly (Outcome | undefined)[];
	keep: (outcomes: readonly Outcome[]) => void;
}

export function earlierTries(
	{ context, node }: Execution,
	plans: readonly ItemPlan[],
): EarlierTries {
	if (!node.retryOnFail) return { known: [], keep: () => {} };
	const items = context.getInputData();
	const places = plans.flatMap(({ files }, index) => {
		const kept = keptWith(items[index] as INodeExecutionData);
		return files.map(({ field }) => ({ kept, key: `${node.id} ${field}` }));
	});
	return {
		known: places.map(({ kept, key }) => kept.get(key)),
		keep: (outcomes) =>
			outcomes.forEach((outcome, index) => {
				const place = places[index];
				if (outcome.verdict) place?.kept.set(place.key, outcome);
			}),
	};
}

function keptWith(item: INodeExecutionData): Map<string, Outcome> {
	const kept = verdicts.get(item) ?? new Map<string, Outcome>();
	verdicts.set(item, kept);
	return kept;
}
