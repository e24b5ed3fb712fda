import type { IConnections, IExecuteFunctions, INode } from 'n8n-workflow';

/** What n8n-core's contexts hold, although n8n-workflow's type for nodes does not say so. */
interface HostContext {
	workflow?: {
		nodes?: Record<string, { id: string }>;
		connectionsBySourceNode?: IConnections;
	};
	additionalData?: { executionTimeoutTimestamp?: number };
}

/** The timer that ends a run may be early by the time that n8n takes to start it. */
const TIMER_SLACK_MS = 1_000;

/** IDs of the workflow's nodes, if they can be known. */
export function nodeIdsOf(context: IExecuteFunctions): ReadonlySet<string> | undefined {
	const { workflow } = context as HostContext;
	return workflow?.nodes && new Set(Object.values(workflow.nodes).map(({ id }) => id));
}

/** Whether something follows on an output of the node. */
export function isConnected(context: IExecuteFunctions, { name }: INode, output: number): boolean {
	const { workflow } = context as HostContext;
	const connections = workflow?.connectionsBySourceNode?.[name]?.main?.[output];
	return connections !== undefined && connections !== null && connections.length > 0;
}

/** Whether the workflow's 'Timeout' has passed. n8n cancels for this and other reasons alike. */
export function hasTimedOut(context: IExecuteFunctions): boolean {
	const { executionTimeoutTimestamp = Infinity } = (context as HostContext).additionalData ?? {};
	return Date.now() >= executionTimeoutTimestamp - TIMER_SLACK_MS;
}
