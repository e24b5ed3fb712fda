import type { ICredentialTestFunctions, IHttpRequestHelper } from 'n8n-workflow';
import {
	EgressRefusal,
	type Credentials,
	type HostSend,
	type HttpRequest,
	type HttpResponse,
} from '../../../client';
import { refusalIn } from './egressFilter';

const TIMEOUT_MS = 20_000;
/** The rest of a longer response is not read. A token or a status has a few hundred bytes. */
const MAX_BYTES = 64 * 1024;

type Helpers = ICredentialTestFunctions['helpers'] | IHttpRequestHelper['helpers'];

/** What both of n8n's clients return if the whole response and a stream are requested. */
interface Response {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: AsyncIterable<Buffer>;
}

/**
 * Sends requests with n8n's own client, in the two places where n8n protects its network but provides
 * no filter: the credential's test, and the token for n8n's HTTP Request node.
 *
 * @returns undefined if n8n's protection is off: then the package uses its own connections
 */
export async function hostSend(
	helpers: Helpers,
	{ baseUrl, tls }: Credentials,
	env: Readonly<Record<string, string | undefined>>,
): Promise<HostSend | undefined> {
	if (!mayBeProtected(env)) return undefined;
	const send: HostSend = async (request) => await sendBy(helpers, request, { baseUrl, tls });
	if (baseUrl.startsWith('https:')) return send;
	// Clear text must stay on this machine, but n8n's client might send it to a proxy. So n8n's client
	// only tells whether the address is allowed.
	const { signal } = new AbortController();
	const error = await send({ method: 'GET', path: '/health', headers: {}, signal }).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof EgressRefusal)) return undefined;
	return async () => await Promise.reject(error);
}

/** Whether n8n's protection may be on. The value may also come from a file. */
function mayBeProtected(env: Readonly<Record<string, string | undefined>>): boolean {
	const value = env.N8N_SSRF_PROTECTION_ENABLED;
	if (value === undefined) return Boolean(env.N8N_SSRF_PROTECTION_ENABLED_FILE);
	return !['false', '0'].includes(value.toLowerCase());
}

async function sendBy(
	helpers: Helpers,
	request: HttpRequest,
	{ baseUrl, tls }: Pick<Credentials, 'baseUrl' | 'tls'>,
): Promise<HttpResponse> {
	const url = `${baseUrl}${request.path}`;
	try {
		const agentOptions = { ...tls, rejectUnauthorized: true };
		const response = await sendWith(helpers, url, request, agentOptions);
		const { statusCode, headers, body } = response as Response;
		return {
			status: statusCode,
			contentType: headers['content-type'] ?? '',
			headers,
			text: await readText(body),
		};
	} catch (error) {
		throw error instanceof Error ? refusalIn(error, new URL(url).hostname) : error;
	}
}

/** n8n has two clients, each with its own options. */
async function sendWith(
	helpers: Helpers,
	url: string,
	{ method, headers, body, signal }: HttpRequest,
	agentOptions: object,
): Promise<unknown> {
	const common = { method, headers, body, timeout: TIMEOUT_MS, agentOptions };
	if ('httpRequest' in helpers) {
		return await helpers.httpRequest({
			...common,
			url,
			abortSignal: signal,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		});
	}
	return await helpers.request({
		...common,
		uri: url,
		useStream: true,
		resolveWithFullResponse: true,
		simple: false,
		followRedirect: false,
	});
}

async function readText(body: Response['body']): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of body) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > MAX_BYTES) break;
	}
	return Buffer.concat(chunks).toString('utf8');
}
