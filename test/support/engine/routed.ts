import type { INode, INodeExecutionData, IWorkflowSettings } from 'n8n-workflow';
import type { Bench } from './bench';
import type { RunResult } from './runResult';
import { PASS_ON, SOURCE, type SourceItem } from './standIns';
import { chain, node } from './workflows';

export const ROUTES = ['AI Generated', 'Review', 'Authentic'];
/** The name of the only output of a node that doesn't route. */
export const UNROUTED = 'All';
export const ERROR = 'Error';

/** The outputs of a node in the editor, from top to bottom. */
export function outputNames({ parameters, onError }: INode): string[] {
	const own = parameters.routeByVerdict === true ? ROUTES : [UNROUTED];
	return onError === 'continueErrorOutput' ? [...own, ERROR] : own;
}

interface Surroundings {
	before?: INode[];
	settings?: IWorkflowSettings;
}

/** The items that leave a node by each of its outputs. */
export type Outputs = Record<string, INodeExecutionData[]>;

/** Runs items through a node with a node connected to each output. */
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

/** The same, for a run that must succeed. */
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
