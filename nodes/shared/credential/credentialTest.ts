import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { failureOf, parseCredentials, readStatus } from '../../../client';
import { explain } from '../messages/failureMessages';
import { hostSend } from './hostClient';

/** Tests a credential in the same way that the nodes use it: with token, certificate and proxy. */
export async function testCredential(
	this: ICredentialTestFunctions,
	{ data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const credentials = parseCredentials(data, Date.now());
		const send = await hostSend(this.helpers, credentials, process.env);
		const { clientName, mayBatch } = await readStatus(credentials, send);
		if (mayBatch === false) return failed(NO_BATCHES);
		const name = clientName ? ` as ${clientName}` : '';
		return { status: 'OK', message: `Connection successful${name}` };
	} catch (error) {
		return failed(`${certificateHint(error, data)}${explain(error)}`);
	}
}

const NO_BATCHES =
	"The credential is accepted, but the account lacks the permission 'batch_processing'. Ask BitMind for it.";

/**
 * Reading the status needs no permission, so a 403 is usually about the certificate. Some gateways
 * send 400 for it, and servers that miss a header send 422.
 */
function certificateHint(error: unknown, form: ICredentialsDecrypted['data']): string {
	const { kind, status = 0, serverMessage = '' } = failureOf(error) ?? {};
	const isNamed = status >= 400 && /certificate|client-cert/i.test(serverMessage);
	if (kind !== 'forbidden' && !isNamed) return '';
	const hasCertificate =
		form?.authentication === 'oAuth2Mtls' || form?.useClientCertificate === true;
	return hasCertificate
		? "BitMind does not accept the 'Client Certificate'. "
		: 'BitMind asks for a client certificate, and the credential has none. ';
}

function failed(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}
