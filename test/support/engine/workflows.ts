import type { IConnections, INode, INodeParameters, IWorkflowSettings } from 'n8n-workflow';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** All of a node but what a chain gives it. */
export type NodeSettings = Partial<Omit<INode, 'parameters' | 'name' | 'type'>>;

export function node(
	type: string,
	name: string,
	parameters: INodeParameters = {},
	settings: NodeSettings = {},
): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...settings };
}

/** Each node feeds the next. */
export function chain(nodes: INode[], settings?: IWorkflowSettings): WorkflowJson {
	const connections: IConnections = {};
	nodes.forEach(({ name }, index) => {
		const next = nodes[index + 1];
		if (next) connections[name] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	});
	return { nodes, connections, settings };
}
