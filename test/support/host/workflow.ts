import type {
	ICredentialDataDecryptedObject,
	IConnections,
	INode,
	IWorkflowSettings,
} from 'n8n-workflow';

/** A workflow as `n8n import:workflow` takes it. The id is fixed, so that a second import replaces the first. */
export interface Workflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	active?: boolean;
}

/** A credential as `n8n import:credentials` takes it, its data in the clear. */
export interface Credential {
	id: string;
	name: string;
	type: string;
	data: ICredentialDataDecryptedObject;
}

/** The workflow with the credential attached to every node of the given types. */
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
