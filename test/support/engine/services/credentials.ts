import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

/** Provides credentials by their type, without encryption. */
export class KnownCredentials extends ICredentialsHelper {
	/** How often a credential was read. */
	asked = 0;

	constructor(private readonly byType: Record<string, ICredentialDataDecryptedObject>) {
		super();
	}

	async getDecrypted(
		...[, , type, mode, executeData, , values]: Parameters<ICredentialsHelper['getDecrypted']>
	): Promise<ICredentialDataDecryptedObject> {
		this.asked++;
		const known = this.byType[type];
		if (!known) throw new Error(`There is no credential of the type ${type}`);
		const form = structuredClone(known);
		return values ? resolve(form, values, mode, executeData) : form;
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getParentTypes(): string[] {
		return [];
	}

	getCredentialsProperties(): [] {
		return [];
	}

	authenticate = notHere;
	preAuthentication = notHere;
	runPreAuthentication = notHere;
	getCredentials = notHere;
	updateCredentials = notHere;
	updateCredentialsOauthTokenData = notHere;
}

/** Evaluates expressions in a credential as n8n does, with the item and the stored form. */
function resolve(
	form: ICredentialDataDecryptedObject,
	values: ICredentialsExpressionResolveValues,
	mode: WorkflowExecuteMode,
	executeData: IExecuteData | undefined,
): ICredentialDataDecryptedObject {
	const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
	try {
		return workflow.expression.getParameterValue(
			form as never,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
			executeData,
			false,
			form,
		) as ICredentialDataDecryptedObject;
	} catch (error) {
		if (error instanceof Error) error.message += ' [Error resolving credentials]';
		throw error;
	}
}

async function notHere(): Promise<never> {
	throw new Error('The test engine does not support this');
}
