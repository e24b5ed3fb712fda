import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type INodeCredentialsDetails,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** Gives out credentials that were never encrypted, by their type. */
export class KnownCredentials extends ICredentialsHelper {
	constructor(private readonly byType: Record<string, ICredentialDataDecryptedObject>) {
		super();
	}

	async getDecrypted(
		_data: IWorkflowExecuteAdditionalData,
		_credentials: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		const known = this.byType[type];
		if (!known) throw new Error(`There is no credential of the type ${type}`);
		return structuredClone(known);
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

async function notHere(): Promise<never> {
	throw new Error('The engine for tests has no such thing');
}
