import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { parseCredentials } from '../../client/credentials';
import { readStatus } from '../../client/account';
import { explain } from './failureWords';

/** Tests a credential on the very way that the nodes take: token, certificate, proxy and all. */
export async function testCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const status = await readStatus(parseCredentials(credential.data, Date.now()));
		if (status.mayBatch === false) {
			return {
				status: 'Error',
				message:
					"The credential is accepted, but the account lacks the permission 'batch_processing'. Ask BitMind for it.",
			};
		}
		const name = status.clientName ? ` as ${status.clientName}` : '';
		return { status: 'OK', message: `Connection successful${name}` };
	} catch (error) {
		return { status: 'Error', message: explain(error) };
	}
}
