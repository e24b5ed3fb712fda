import {
	UserError,
	type ICredentialDataDecryptedObject,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
} from 'n8n-workflow';
import { isLoopback, parseCredentials, readToken, signedHeaders } from '../../../client';
import { hostSend } from './hostClient';
import { NOT_PRIVATE } from '../messages/credentialMessages';
import { explain } from '../messages/failureMessages';
import { textOf } from '../settings/untyped';

/** Signs a request of n8n's HTTP Request node, and adds the certificate to its TLS handshake. */
export async function signHttpRequest(
	form: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	return await withReadableError(async () => {
		const credentials = parseCredentials(form, Date.now());
		expectPrivate(request);
		const { identity, tls } = credentials;
		const bearer = identity.kind === 'apiKey' ? identity.apiKey : textOf(form.accessToken);
		return {
			...request,
			headers: { ...request.headers, ...signedHeaders(credentials, bearer) },
			agentOptions: { ...request.agentOptions, ...tls },
			sendCredentialsOnCrossOriginRedirect: false,
			// On a redirect to another host, n8n removes only the common authentication headers.
			...(credentials.clientCertificate && { followRedirect: false, disableFollowRedirect: true }),
		};
	});
}

/** n8n's HTTP Request node passes the address as `uri`, other nodes as `url`. */
function expectPrivate(request: IHttpRequestOptions & { uri?: string }): void {
	const { baseURL, url = request.uri ?? '' } = request;
	const address = URL.canParse(url, baseURL) ? new URL(url, baseURL) : undefined;
	if (!address || address.protocol === 'https:' || isLoopback(address.hostname)) return;
	throw new UserError(NOT_PRIVATE);
}

/** Fetches the access token for such requests. Returns an empty object for an API key. */
export async function accessToken(
	form: ICredentialDataDecryptedObject,
	helpers: IHttpRequestHelper['helpers'],
): Promise<{ accessToken?: string }> {
	return await withReadableError(async () => {
		const credentials = parseCredentials(form, Date.now());
		if (credentials.identity.kind === 'apiKey') return {};
		const send = await hostSend(helpers, credentials, process.env);
		return { accessToken: await readToken(credentials, send) };
	});
}

async function withReadableError<T>(use: () => Promise<T>): Promise<T> {
	try {
		return await use();
	} catch (error) {
		return failReadably(error);
	}
}

/** n8n's other errors need a node, and there is none here. */
function failReadably(error: unknown): never {
	throw new UserError(explain(error));
}
