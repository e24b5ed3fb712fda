import type { INode, INodeExecutionData } from 'n8n-workflow';
import type { Bench } from './bench';
import { PASS_ON, SOURCE, type SourceItem } from './standIns';
import { chain, node } from './workflows';

export const ROUTES = ['AI Generated', 'Review', 'Authentic'];

/** A node that routes, with something connected to each output. */
export async function runRouted(
	bench: Bench,
	input: readonly SourceItem[],
	routing: INode,
	before: INode[] = [],
): Promise<Record<string, INodeExecutionData[]>> {
	const workflow = chain([node(SOURCE, 'Source'), ...before, routing], { executionOrder: 'v1' });
	const names = routing.onError === 'continueErrorOutput' ? [...ROUTES, 'Error'] : ROUTES;
	workflow.nodes.push(...names.map((name) => node(PASS_ON, name)));
	workflow.connections[routing.name] = {
		main: names.map((name) => [{ node: name, type: 'main', index: 0 }]),
	};
	const credentials = { bitMindEnterpriseApi: bench.form() };
	const result = await bench.engine.run({ workflow, input, credentials });
	expect(result.error).toBeUndefined();
	return Object.fromEntries(names.map((name) => [name, result.itemsOf(name)]));
}
