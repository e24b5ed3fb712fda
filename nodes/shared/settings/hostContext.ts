import type { IConnections, IExecuteFunctions, INode } from 'n8n-workflow';

/** Properties of n8n-core's contexts that are missing in n8n-workflow's types. */
interface HostContext extends IExecuteFunctions {
	workflow?: {
		nodes?: Record<string, { id: string }>;
		connectionsBySourceNode?: IConnections;
	};
	additionalData?: { executionTimeoutTimestamp?: number };
}

/** The timer that ends a run may fire early, by the time that n8n takes to start the run. */
const TIMER_SLACK_MS = 1_000;

/** The IDs of the workflow's nodes, if they are available. */
export function nodeIdsOf({ workflow }: HostContext): ReadonlySet<string> | undefined {
	return workflow?.nodes && new Set(Object.values(workflow.nodes).map(({ id }) => id));
}

/** Whether a node is connected to an output. */
export function isConnected({ workflow }: HostContext, { name }: INode, output: number): boolean {
	const connections = workflow?.connectionsBySourceNode?.[name]?.main?.[output];
	return connections !== undefined && connections !== null && connections.length > 0;
}

/** Whether the workflow's 'Timeout' has passed. n8n cancels in the same way for other reasons. */
export function hasTimedOut({ additionalData }: HostContext): boolean {
	const { executionTimeoutTimestamp = Infinity } = additionalData ?? {};
	return Date.now() >= executionTimeoutTimestamp - TIMER_SLACK_MS;
}
