import type { INodeProperties } from 'n8n-workflow';

/** The field by which a credential says whether n8n may give another one to each item. */
export const DIFFERS_BY_ITEM = 'differsByItem';

/** What an expression may refer to and be the same for all items of a run. */
const SAME_FOR_ALL = ['secrets', 'vars', 'env', 'execution', 'workflow'];

/**
 * A hidden field of the credential. n8n evaluates it with the others, and shows it these as they are
 * stored: true if one of them is an expression that could refer to an item.
 *
 * @param fields names of the credential's other fields
 */
export function differsByItem(fields: readonly string[]): INodeProperties {
	const stored = fields.map((name) => `$self["${name}"]`).join(', ');
	const refersToItem = `/^=.*(\\$(?!(${SAME_FOR_ALL.join('|')})\\b)|\\bthis\\b)/s`;
	return {
		displayName: 'Differs by Item',
		name: DIFFERS_BY_ITEM,
		type: 'hidden',
		default: `={{ [${stored}].some((value) => ${refersToItem}.test(String(value))) }}`,
	};
}
