import type { INodeProperties } from 'n8n-workflow';

/** The field that says whether n8n may give each item a different credential. */
export const DIFFERS_BY_ITEM = 'differsByItem';

/** Variables that have the same value for all items of a run. */
const SAME_FOR_ALL = ['secrets', 'vars', 'env', 'execution', 'workflow'];

/**
 * A hidden field of the credential that tells whether one of the other fields is an expression that
 * could refer to an item. n8n evaluates this field like the others. In it, `$rawParameter["&name"]` is
 * another field as it is stored; fields that the form doesn't show are missing there.
 *
 * @param fields names of the credential's other fields
 */
export function differsByItem(fields: readonly string[]): INodeProperties {
	const refersToItem = `/^=.*(\\$(?!(${SAME_FOR_ALL.join('|')})\\b)|\\bthis\\b)/s`;
	const stored = 'String($rawParameter["&" + name])';
	const test = `try { return ${refersToItem}.test(${stored}); } catch (error) { return false; }`;
	return {
		displayName: 'Differs by Item',
		name: DIFFERS_BY_ITEM,
		type: 'hidden',
		default: `={{ ${JSON.stringify(fields)}.some((name) => { ${test} }) }}`,
	};
}
