import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import type { MediaKind } from '../../../client';
import { NodeParameters } from './parameters';

/** One run of a node: what n8n hands it, and how n8n wants it to go. */
export interface Execution {
	context: IExecuteFunctions;
	node: INode;
	media: MediaKind;
	items: readonly INodeExecutionData[];
	parameters: NodeParameters;
	/** Cancels the run. Hosts older than this can't cancel a node. */
	signal: AbortSignal | undefined;
	/** An AI Agent uses the node as its tool: it reads one output, and an error would end its run. */
	isForAgent: boolean;
	/** An item that fails leaves the others as they are. */
	continues: boolean;
	/** The node has an output for each verdict. */
	isRouting: boolean;
	/** n8n takes failed items to the last output. */
	hasErrorOutput: boolean;
}

/** An item of a run, by its place. */
export interface InputItem {
	execution: Execution;
	item: INodeExecutionData;
	index: number;
}

export function openExecution(context: IExecuteFunctions, media: MediaKind): Execution {
	const node = context.getNode();
	const parameters = new NodeParameters(context);
	// n8n gives a node that an AI Agent uses as its tool a type of its own.
	const isForAgent = node.type.endsWith('Tool');
	return {
		context,
		node,
		media,
		items: context.getInputData().map(withJson),
		parameters,
		signal: context.getExecutionCancelSignal?.(),
		isForAgent,
		continues: context.continueOnFail() || isForAgent,
		isRouting: readRouting(parameters) && !isForAgent,
		hasErrorOutput: node.onError === 'continueErrorOutput' && !isForAgent,
	};
}

/** Nodes of other packages may leave it out, and n8n itself fails on such an item later. */
function withJson(item: INodeExecutionData): INodeExecutionData {
	const json: unknown = item.json;
	const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
	return isObject ? item : { ...item, json: {} };
}

/** Whether the node has three outputs. No expression can be given for it. */
function readRouting(parameters: NodeParameters): boolean {
	try {
		return parameters.read('routeByVerdict', 'Route by Verdict', 0) === true;
	} catch {
		// What is wrong with it is said with the other settings.
		return false;
	}
}
