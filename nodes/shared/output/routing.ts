import type { INodeExecutionData } from 'n8n-workflow';
import type { Band } from '../settings/bands';

/** The outputs of 'Route by Verdict', in the order in which the canvas shows them. */
const ROUTES: readonly Band[] = ['ai', 'review', 'authentic'];

const NAMED_OUTPUTS = JSON.stringify(
	['AI Generated', 'Review', 'Authentic'].map((displayName) => ({ type: 'main', displayName })),
);

/** n8n asks for a node's outputs with its parameters alone. */
export const OUTPUTS =
	`={{ $parameter["routeByVerdict"] === true ? ${NAMED_OUTPUTS} : [{ "type": "main" }] }}` as const;

/** An item and the output on which it leaves a node that routes. */
export interface RoutedItem {
	item: INodeExecutionData;
	route: Band;
}

/** One array for each output, the items of each in the input's order. */
export function route(items: readonly RoutedItem[], isOn: boolean): INodeExecutionData[][] {
	if (!isOn) return [items.map(({ item }) => item)];
	return ROUTES.map((wanted) =>
		items.filter(({ route }) => route === wanted).map(({ item }) => item),
	);
}
