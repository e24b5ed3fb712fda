import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { DetectResult, Outcome } from '../../client/detect';
import type { Verdict } from '../../client/response';
import type { ItemFile, ItemPlan } from './inputFiles';

/**
 * n8n's 'Retry On Fail' runs a node again as a whole, with the very same items. What an earlier try
 * has paid for is kept with them, and gone with them.
 */
const verdicts = new WeakMap<INodeExecutionData, Map<string, Verdict>>();

/** Checks the files on which no earlier try has had a verdict, and gives those of the others, too. */
export async function checkOnce(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	plans: readonly ItemPlan[],
	check: (files: readonly ItemFile[]) => Promise<DetectResult>,
): Promise<DetectResult> {
	const files = plans.flatMap((plan) => plan.files);
	const { id, retryOnFail } = context.getNode();
	if (!retryOnFail) return await check(files);

	const places = plans.flatMap((plan, index) => {
		const known = knownOf(items[index] as INodeExecutionData);
		return plan.files.map(({ field }) => ({ known, key: `${id} ${field}` }));
	});
	const outcomes = places.map(({ known, key }): Outcome | undefined => {
		const verdict = known.get(key);
		return verdict && { verdict };
	});
	const open = [...files.keys()].filter((index) => !outcomes[index]);
	const result = await check(open.map((index) => files[index] as ItemFile));
	open.forEach((index, asked) => {
		const outcome = result.outcomes[asked] as Outcome;
		outcomes[index] = outcome;
		const place = places[index];
		if (outcome.verdict) place?.known.set(place.key, outcome.verdict);
	});
	const { stoppedAt } = result;
	return {
		...result,
		outcomes: outcomes as Outcome[],
		stoppedAt: stoppedAt === undefined ? undefined : open[stoppedAt],
	};
}

function knownOf(item: INodeExecutionData): Map<string, Verdict> {
	const known = verdicts.get(item) ?? new Map<string, Verdict>();
	verdicts.set(item, known);
	return known;
}
