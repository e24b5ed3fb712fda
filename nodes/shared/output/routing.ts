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
 * One output, or one per verdict. n8n evaluates this without an item, and in a workflow with
 * `binaryMode: combined` its engines 'vm' and 'quickjs' then throw when a parameter is read (seen in
 * 2.41.1). Then n8n would have no output and lose items, so the fallback is three outputs.
 */
export const OUTPUTS =
	`={{ (() => { try { return $parameter["routeByVerdict"] === true ? ${NAMED_OUTPUTS} : [{ "type": "main" }]; } catch (error) { return ${NAMED_OUTPUTS}; } })() }}` as const;

/** An item, and the output by which it leaves a node that routes. */
export interface RoutedItem {
	item: INodeExecutionData;
	route: Band;
	/** The item fails, and leaves by the error output if there is one. */
	error?: NodeError;
}

/**
 * Who moves failed items to the error output, which is the last one.
 *
 * n8n does if it counts the outputs correctly: it removes items with an error from the other outputs
 * and replaces the content of the last one with them. If it counts more outputs than there are, it
 * only removes items from the error output, so the node has to fill it, unless the editor, which
 * evaluates the same expression, has drawn as many outputs. If it counts fewer, it would overwrite items.
 */
type Sorter = 'n8n' | 'node' | 'nobody';

/** Whether n8n would lose some of the output items. */
export function losesItems(execution: Execution): boolean {
	return execution.hasErrorOutput && sorterOf(execution) === 'nobody';
}

function sorterOf({ context, node, isRouting }: Execution): Sorter {
	// Versions of n8n without this method have only one engine, which counts correctly.
	const outputs = context.getNodeOutputs?.();
	if (!outputs) return 'n8n';
	const counted = outputs.filter(({ type }) => type === NodeConnectionTypes.Main).length;
	const own = (isRouting ? ROUTES.length : 1) + 1;
	if (counted < own) return 'nobody';
	return counted === own || isConnected(context, node, counted - 1) ? 'n8n' : 'node';
}

/** One array per output, each in the input's order. */
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
 * n8n recognizes items for the error output by their `error`. Later it reduces items that still have
 * one to its message. This one is not enumerable, so it doesn't survive until then.
 */
function marked(routed: RoutedItem): RoutedItem {
	const { item, error } = routed;
	if (error) Object.defineProperty(item, 'error', { value: error, enumerable: false });
	return routed;
}
