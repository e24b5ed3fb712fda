import { NodeConnectionTypes, type INodeExecutionData } from 'n8n-workflow';
import type { Band } from '../settings/bands';
import type { Execution } from '../settings/execution';
import { isConnected } from '../settings/hostContext';
import type { NodeError } from './nodeErrors';

/** The outputs of 'Route by Verdict', in the order in which the canvas shows them. */
const ROUTES: readonly Band[] = ['ai', 'review', 'authentic'];

const NAMED_OUTPUTS = JSON.stringify(
	['AI Generated', 'Review', 'Authentic'].map((displayName) => ({
		type: NodeConnectionTypes.Main,
		displayName,
	})),
);

/**
 * One output, or one for each verdict. n8n evaluates this without any item, and in a workflow of
 * `binaryMode: combined` its engines 'vm' and 'quickjs' then throw at any look at a parameter (seen
 * in 2.41.1). n8n makes no output at all of that and loses items; three are never too few.
 */
export const OUTPUTS =
	`={{ (() => { try { return $parameter["routeByVerdict"] === true ? ${NAMED_OUTPUTS} : [{ "type": "main" }]; } catch (error) { return ${NAMED_OUTPUTS}; } })() }}` as const;

/** An item and the output on which it leaves a node that routes. */
export interface RoutedItem {
	item: INodeExecutionData;
	route: Band;
	/** The item fails, and leaves by the error output if there is one. */
	error?: NodeError;
}

/**
 * Who moves failed items to the error output, the last one.
 *
 * n8n does if it counts the outputs as they are: it takes items with an error out of the other
 * outputs, and puts them into the last one in place of all that is there. If it counts more than
 * there are, the error output is one of those that it only takes from, so the node has to fill it;
 * unless the editor, which evaluates the same expression, has drawn as many. If it counts fewer, it
 * would overwrite items.
 */
type Sorter = 'n8n' | 'node' | 'nobody';

/** Whether some of the items that leave would arrive nowhere. */
export function losesItems(execution: Execution): boolean {
	return execution.hasErrorOutput && sorterOf(execution) === 'nobody';
}

function sorterOf({ context, node, isRouting }: Execution): Sorter {
	// Hosts that are older than the method have no other engine, and count right.
	const outputs = context.getNodeOutputs?.();
	if (!outputs) return 'n8n';
	const counted = outputs.filter(({ type }) => type === NodeConnectionTypes.Main).length;
	const own = (isRouting ? ROUTES.length : 1) + 1;
	if (counted < own) return 'nobody';
	return counted === own || isConnected(context, node, counted - 1) ? 'n8n' : 'node';
}

/** One array for each output, the items of each in the input's order. */
export function arrange(
	items: readonly RoutedItem[],
	execution: Execution,
): INodeExecutionData[][] {
	if (!execution.hasErrorOutput) return split(items, execution);
	if (sorterOf(execution) === 'n8n') return split(items.map(marked), execution);
	const failed = items.filter(({ error }) => error);
	const others = items.filter(({ error }) => !error);
	return [...split(others, execution), failed.map(({ item }) => item)];
}

function split(items: readonly RoutedItem[], { isRouting }: Execution): INodeExecutionData[][] {
	if (!isRouting) return [items.map(({ item }) => item)];
	return ROUTES.map((wanted) =>
		items.filter(({ route }) => route === wanted).map(({ item }) => item),
	);
}

/**
 * By an item's error n8n knows what belongs to the error output. Later it reduces items that still
 * carry one to its message alone: not being enumerable, this one is left behind by then.
 */
function marked(routed: RoutedItem): RoutedItem {
	const { item, error } = routed;
	if (error) Object.defineProperty(item, 'error', { value: error, enumerable: false });
	return routed;
}
