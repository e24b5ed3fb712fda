import type { IConnections, INode, INodeParameters, IWorkflowSettings } from 'n8n-workflow';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** The settings of a node that `node()` doesn't ask for by name. */
export type NodeSettings = Partial<Omit<INode, 'parameters' | 'name' | 'type'>>;

export function node(
	type: string,
	name: string,
	parameters: INodeParameters = {},
	settings: NodeSettings = {},
): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...settings };
}

/** A workflow in which each node is connected to the next. */
export function chain(nodes: INode[], settings?: IWorkflowSettings): WorkflowJson {
	const connections: IConnections = {};
	nodes.forEach(({ name }, index) => {
		const next = nodes[index + 1];
		if (next) connections[name] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	});
	return { nodes, connections, settings };
}
