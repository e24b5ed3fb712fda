import {
	UserError,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
} from 'n8n-workflow';
import { signedHeaders } from '../../client/auth';
import { parseCredentials } from '../../client/credentials';
import { readToken } from '../../client/account';
import { explain } from './failureWords';
import { textOf } from './parameters';

/** Signs a request of n8n's HTTP Request node, and presents the certificate in its handshake. */
export async function signHttpRequest(
	form: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	return await inWords(async () => {
		const credentials = parseCredentials(form, Date.now());
		const { identity, tls } = credentials;
		const bearer = identity.kind === 'apiKey' ? identity.apiKey : textOf(form.accessToken);
		return {
			...request,
			headers: { ...request.headers, ...signedHeaders(credentials, bearer) },
			agentOptions: { ...request.agentOptions, ...tls },
			sendCredentialsOnCrossOriginRedirect: false,
		};
	});
}

/** The access token for it; nothing where the credential needs none. */
export async function accessToken(
	form: ICredentialDataDecryptedObject,
): Promise<{ accessToken?: string }> {
	return await inWords(async () => {
		const token = await readToken(parseCredentials(form, Date.now()));
		return token === undefined ? {} : { accessToken: token };
	});
}

async function inWords<T>(use: () => Promise<T>): Promise<T> {
	try {
		return await use();
	} catch (error) {
		return refuse(error);
	}
}

/** No node is at hand here, as n8n's other errors want one. */
function refuse(error: unknown): never {
	throw new UserError(explain(error));
}
