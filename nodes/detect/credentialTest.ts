import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { parseCredentials } from '../../client/credentials';
import { failureOf } from '../../client/failures';
import { IMAGES } from '../../client/mediaKind';
import { readStatus } from '../../client/account';
import { failureWords } from './failureWords';

/** The name under which both nodes offer the test to n8n. */
export const CREDENTIAL_TEST = 'bitMindEnterpriseApiTest';

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
		const failure = failureOf(error);
		if (!failure) throw error;
		const { message, description } = failureWords(failure, IMAGES);
		return { status: 'Error', message: `${message}. ${description}` };
	}
}
