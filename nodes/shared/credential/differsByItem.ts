import type { INodeProperties } from 'n8n-workflow';

/** The field by which a credential says whether n8n may give another one to each item. */
export const DIFFERS_BY_ITEM = 'differsByItem';

/** What an expression may refer to and be the same for all items of a run. */
const SAME_FOR_ALL = ['secrets', 'vars', 'env', 'execution', 'workflow'];

/**
 * A hidden field of the credential: whether one of its fields is an expression that could refer to
 * an item. n8n evaluates this expression with the others; `$rawParameter["&name"]` is how it shows
 * the field beside it as it is stored. Of a field that the form does not show there is nothing.
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
