import type {
	ICredentialDataDecryptedObject,
	IConnections,
	INode,
	IWorkflowSettings,
} from 'n8n-workflow';

/** A workflow for `n8n import:workflow`. Its ID is fixed, so that a second import replaces the first. */
export interface Workflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	active?: boolean;
}

/** A credential for `n8n import:credentials`. Its data isn't encrypted. */
export interface Credential {
	id: string;
	name: string;
	type: string;
	data: ICredentialDataDecryptedObject;
}

/** Adds the credential to every node of these types. */
export function withCredential(
	workflow: Workflow,
	{ id, name, type }: Credential,
	nodeTypes: string[],
): Workflow {
	const nodes = workflow.nodes.map((node) =>
		nodeTypes.includes(node.type)
			? { ...node, credentials: { ...node.credentials, [type]: { id, name } } }
			: node,
	);
	return { ...workflow, nodes };
}
