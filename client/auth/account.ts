import { z } from 'zod';
import { failureOfAnswer } from '../response/answerFailure';
import { Authorizer } from './authorizer';
import { SYSTEM_CLOCK } from '../timing/clock';
import type { Credentials } from './credentials';
import { ClientError, failureOf, type Failure, type FailureKind } from '../model/failures';
import { conceal, withoutSecrets } from '../response/redaction';
import { parseJson } from '../response/json';
import { plainWords } from '../response/serverMessage';
import { Transport } from '../http/transport';
import { Watchdog } from '../timing/watchdog';

/** A person waits for it, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** All of it is documented, so an answer with none of it comes from somewhere else. */
const MARKS = ['status', 'service', 'client'] as const;

const statusSchema = z.object({
	client: z
		.object({
			name: z.string().optional().catch(undefined),
			permissions: z.array(z.string()).optional().catch(undefined),
		})
		.optional()
		.catch(undefined),
});

export interface AccountStatus {
	clientName: string | undefined;
	/** Undefined where the answer says nothing about permissions. */
	mayBatch: boolean | undefined;
}

/**
 * Asks `GET /status`, which costs nothing, whether a credential is accepted.
 *
 * @throws ClientError where it is not, or where there was no answer
 */
export async function readStatus(credentials: Credentials): Promise<AccountStatus> {
	return await withConnection(credentials, async (transport, authorizer, signal) => {
		const { headers } = await authorizer.authorize();
		const answer = await transport.send({
			method: 'GET',
			url: `${credentials.baseUrl}/status`,
			headers: { ...headers, accept: 'application/json' },
			signal,
		});
		const failure = failureOfAnswer(answer, Date.now());
		if (failure) throw new ClientError(OF_A_FILE.has(failure.kind) ? rejected(failure) : failure);
		const { clientName, mayBatch } = parseStatus(answer.text);
		const secrets = [...credentials.secrets, ...authorizer.secrets];
		return { clientName: clientName && conceal(clientName, secrets), mayBatch };
	});
}

/**
 * A new access token; undefined for an API key, which is one itself.
 *
 * @throws ClientError where none is given
 */
export async function readToken(credentials: Credentials): Promise<string | undefined> {
	return await withConnection(credentials, async (_, authorizer) => {
		return (await authorizer.authorize()).token?.value;
	});
}

async function withConnection<T>(
	credentials: Credentials,
	use: (transport: Transport, authorizer: Authorizer, signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const transport = new Transport(credentials.tls);
	const timeout = () => new ClientError({ kind: 'timeout', detail: 'answer' });
	const watchdog = new Watchdog(new AbortController().signal, TIMEOUT_MS, timeout);
	const { signal } = watchdog;
	const authorizer = new Authorizer(credentials, transport, SYSTEM_CLOCK, signal, TIMEOUT_MS);
	try {
		return await use(transport, authorizer, signal);
	} catch (error) {
		const failure = failureOf(error);
		if (!failure) throw error;
		const secrets = [...credentials.secrets, ...authorizer.secrets];
		throw new ClientError(withoutSecrets(failure, secrets));
	} finally {
		watchdog.dispose();
		await transport.close();
	}
}

/** No file has been sent that they could be about. */
const OF_A_FILE: ReadonlySet<FailureKind> = new Set<FailureKind>(['fileRefused', 'fileTooLarge']);

function rejected(failure: Failure): Failure {
	return { ...failure, kind: 'rejected' };
}

function parseStatus(text: string): AccountStatus {
	const body = parseJson(text);
	const status = statusSchema.safeParse(body);
	const isOurs = status.success && MARKS.some((mark) => mark in (body as object));
	if (!isOurs) throw new ClientError({ kind: 'unreadableAnswer' });
	const { client } = status.data;
	return {
		clientName: plainWords(client?.name),
		mayBatch: client?.permissions?.includes('batch_processing'),
	};
}
