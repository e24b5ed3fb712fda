import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import type { MediaKind } from '../../../client';
import { NodeParameters } from './parameters';
import { isObject } from './untyped';

/** One execution of a node: what n8n passes to it, and the node's settings in n8n. */
export interface Execution {
	context: IExecuteFunctions;
	node: INode;
	media: MediaKind;
	items: readonly INodeExecutionData[];
	parameters: NodeParameters;
	/** Cancels the run. Undefined in versions of n8n that can't cancel a node. */
	signal: AbortSignal | undefined;
	/** An AI Agent uses the node as a tool: it reads one output, and an error would end its run. */
	isForAgent: boolean;
	/** The node continues after an item has failed. */
	continues: boolean;
	/** The node has an output for each verdict. */
	isRouting: boolean;
	/** `verdict` is always written. Earlier versions of the node write it on demand. */
	alwaysJudges: boolean;
	/** Failed items go to the last output. */
	hasErrorOutput: boolean;
}

/** An item of a run, by its index. */
export interface InputItem {
	execution: Execution;
	item: INodeExecutionData;
	index: number;
}

/** Nodes that were added earlier keep their output as it was. */
export const FIRST_SIMPLIFYING_VERSION = 1.1;

export function openExecution(context: IExecuteFunctions, media: MediaKind): Execution {
	const node = context.getNode();
	const parameters = new NodeParameters(context);
	// A node that an AI Agent uses as a tool has a different type in n8n.
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
		alwaysJudges: node.typeVersion >= FIRST_SIMPLIFYING_VERSION,
		hasErrorOutput: node.onError === 'continueErrorOutput' && !isForAgent,
	};
}

/** Nodes of other packages may leave out the JSON, and n8n itself fails on such an item later. */
function withJson(item: INodeExecutionData): INodeExecutionData {
	return isObject(item.json) ? item : { ...item, json: {} };
}

/** Whether the node has three outputs. The parameter allows no expression. */
function readRouting(parameters: NodeParameters): boolean {
	try {
		return parameters.read('routeByVerdict', 'Route by Verdict', 0) === true;
	} catch {
		// The problem is reported with the other settings.
		return false;
	}
}
