import type { INode, INodeExecutionData, IWorkflowSettings } from 'n8n-workflow';
import type { Bench } from './bench';
import type { RunResult } from './runResult';
import { PASS_ON, SOURCE, type SourceItem } from './standIns';
import { chain, node } from './workflows';

export const ROUTES = ['AI Generated', 'Review', 'Authentic'];
/** The only output of a node that does not route. */
export const UNROUTED = 'All';
export const ERROR = 'Error';

/** The outputs that the editor draws for a node, in its order. */
export function outputNames({ parameters, onError }: INode): string[] {
	const own = parameters.routeByVerdict === true ? ROUTES : [UNROUTED];
	return onError === 'continueErrorOutput' ? [...own, ERROR] : own;
}

interface Surroundings {
	before?: INode[];
	settings?: IWorkflowSettings;
}

/** What leaves a node by each of its outputs, and arrives at the node that is connected there. */
export type Outputs = Record<string, INodeExecutionData[]>;

/** Runs items through a node with something connected to each output. */
export async function runOutputs(
	bench: Bench,
	input: readonly SourceItem[],
	last: INode,
	{ before = [], settings }: Surroundings = {},
): Promise<{ result: RunResult; outputs: Outputs }> {
	const workflow = chain([node(SOURCE, 'Source'), ...before, last], settings);
	const names = outputNames(last);
	workflow.nodes.push(...names.map((name) => node(PASS_ON, name)));
	workflow.connections[last.name] = {
		main: names.map((name) => [{ node: name, type: 'main', index: 0 }]),
	};
	const credentials = { bitMindEnterpriseApi: bench.form() };
	const result = await bench.engine.run({ workflow, input, credentials });
	const outputs = Object.fromEntries(names.map((name) => [name, result.itemsOf(name)]));
	return { result, outputs };
}

/** Such a run that comes to its end. */
export async function runRouted(
	bench: Bench,
	input: readonly SourceItem[],
	routing: INode,
	before: INode[] = [],
): Promise<Outputs> {
	const { result, outputs } = await runOutputs(bench, input, routing, { before });
	expect(result.error).toBeUndefined();
	return outputs;
}
