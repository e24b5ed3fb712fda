import { z } from 'zod';
import { HostSender, type HostSend } from '../http/hostSender';
import type { Sender } from '../http/sender';
import { Transport } from '../http/transport';
import { ClientError, failureOf, type Failure } from '../model/failures';
import { isRecord, parseJson } from '../response/json';
import { redactFailure, redactor, type Redact } from '../response/redaction';
import { failureOfResponse } from '../response/responseFailure';
import { plainText } from '../response/serverMessage';
import { SYSTEM_CLOCK } from '../timing/clock';
import { Watchdog } from '../timing/watchdog';
import { Authorizer } from './authorizer';
import type { Credentials } from './credentials';

/** Short, because a person is waiting for it. */
const TIMEOUT_MS = 20_000;

/** Documented fields of the API's status. A response with none of them comes from something else. */
const STATUS_FIELDS = ['status', 'service', 'client'] as const;

const statusSchema = z.object({
	client: z
		.object({
			name: z.string().optional().catch(undefined),
			permissions: z.array(z.string()).optional().catch(undefined),
		})
		.optional()
		.catch(undefined),
});

interface AccountStatus {
	clientName: string | undefined;
	/** Undefined if the response doesn't list permissions. */
	mayBatch: boolean | undefined;
}

interface Session {
	sender: Sender;
	authorizer: Authorizer;
	signal: AbortSignal;
	redact: () => Redact;
}

/**
 * Checks with `GET /status`, which costs nothing, whether a credential is accepted.
 *
 * @throws ClientError if it isn't, or if there is no response
 */
export async function readStatus(
	credentials: Credentials,
	hostSend?: HostSend,
): Promise<AccountStatus> {
	return await withSession(credentials, hostSend, async (session) => {
		const { failure, token, text } = await requestStatus(session);
		if (!failure) return parseStatus(text, session.redact());
		// A new token may not be valid yet, if the token server's clock is ahead of the API's.
		if (failure.kind !== 'unauthorized' || !token) throw new ClientError(failure);
		session.authorizer.refuse(token);
		const second = await requestStatus(session);
		if (second.failure) throw new ClientError(second.failure);
		return parseStatus(second.text, session.redact());
	});
}

async function requestStatus({ sender, authorizer, signal, redact }: Session) {
	const { headers, token } = await authorizer.authorize();
	const response = await sender.send({
		method: 'GET',
		path: '/status',
		headers: { ...headers, accept: 'application/json' },
		signal,
	});
	const failure = failureOfResponse(response, Date.now(), redact());
	return { failure, token, text: response.text };
}

/**
 * Fetches a new access token. Returns undefined for an API key, which needs none.
 *
 * @throws ClientError if the token request fails
 */
export async function readToken(
	credentials: Credentials,
	hostSend?: HostSend,
): Promise<string | undefined> {
	return await withSession(credentials, hostSend, async ({ authorizer }) => {
		return (await authorizer.authorize()).token?.value;
	});
}

/** Whether BitMind's API is at this address, by its status or its health page. */
export async function isApi(
	sender: Sender,
	headers: Record<string, string>,
	signal: AbortSignal,
): Promise<boolean> {
	for (const request of [
		{ path: '/status', headers },
		{ path: '/health', headers: {} },
	]) {
		const accept = { ...request.headers, accept: 'application/json' };
		const response = await sender
			.send({ method: 'GET', path: request.path, headers: accept, signal })
			.catch(() => undefined);
		const body = response?.status === 200 ? parseJson(response.text) : undefined;
		if (isRecord(body) && 'service' in body && 'status' in body) return true;
	}
	return false;
}

async function withSession<T>(
	credentials: Credentials,
	hostSend: HostSend | undefined,
	use: (session: Session) => Promise<T>,
): Promise<T> {
	const { baseUrl, tls } = credentials;
	const sender = hostSend ? new HostSender(baseUrl, hostSend) : new Transport(baseUrl, tls);
	const timeout = (): ClientError => {
		return new ClientError({ kind: 'timeout', phase: 'response', ...sender.route });
	};
	const watchdog = new Watchdog(new AbortController().signal, TIMEOUT_MS, timeout);
	const { signal } = watchdog;
	const context = { sender, clock: SYSTEM_CLOCK, signal, timeoutMs: TIMEOUT_MS };
	const authorizer = new Authorizer(credentials, context);
	const redact = () => redactor([...credentials.secrets, ...authorizer.tokens]);
	try {
		return await use({ sender, authorizer, signal, redact });
	} catch (error) {
		const failure: Failure | undefined = failureOf(error);
		throw failure ? new ClientError(redactFailure(failure, redact())) : error;
	} finally {
		watchdog.dispose();
		await sender.close();
	}
}

function parseStatus(text: string, redact: Redact): AccountStatus {
	const body = parseJson(text);
	const isOurs = isRecord(body) && STATUS_FIELDS.some((field) => field in body);
	if (!isOurs) throw new ClientError({ kind: 'unreadableResponse', request: 'status' });
	const { client } = statusSchema.parse(body);
	return {
		clientName: plainText(client?.name, redact),
		mayBatch: client?.permissions?.includes('batch_processing'),
	};
}
