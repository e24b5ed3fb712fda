import type { ItemPlan } from '../input/itemPlans';
import type { Execution } from '../settings/execution';
import { readEarlier } from './earlierVerdicts';
import { fieldsAt } from './outputJson';

/**
 * Fields with unchecked files, if 'Input Binary Field' finds no file in any item: then its name is
 * wrong. In a mixed stream at least one item has the field.
 */
export function overlookedFields({ items }: Execution, plans: readonly ItemPlan[]): string[] {
	const findsNothing = plans.every(
		({ files, refused, skipped }) => files.length + refused.length + skipped.length === 0,
	);
	if (!findsNothing) return [];
	const fields = plans.flatMap(({ problem, settings, held }, index) => {
		const item = items[index];
		if (problem || !item) return [];
		const { files } = readEarlier(fieldsAt(item, settings), held);
		const known = new Set(files.map(({ field }) => field));
		return [...held.keys()].filter((field) => !known.has(field));
	});
	return Array.from(new Set(fields));
}
