import type { ItemPlan } from '../input/itemPlans';
import type { Execution } from '../settings/execution';
import { readEarlier } from './earlierVerdicts';

/**
 * Fields with unchecked files, if 'Input Binary Field' finds no file in any item: then its name is
 * wrong. In a mixed stream at least one item has the field.
 */
export function overlookedFields({ items }: Execution, plans: readonly ItemPlan[]): string[] {
	const findsNothing = plans.every(
		({ files, refused, skipped }) => files.length + refused.length + skipped.length === 0,
	);
	if (!findsNothing) return [];
	const fields = plans.flatMap((plan, index) => {
		const item = items[index];
		if (plan.problem || !item) return [];
		const { files } = readEarlier(item, plan);
		const known = new Set(files.map(({ field }) => field));
		return [...plan.held.keys()].filter((field) => !known.has(field));
	});
	return Array.from(new Set(fields));
}
