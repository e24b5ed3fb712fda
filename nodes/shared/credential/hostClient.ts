import type { ICredentialTestFunctions, IHttpRequestHelper } from 'n8n-workflow';
import { type Credentials, EgressRefusal } from '../../../client';
import { refusalIn } from './egressFilter';

const TIMEOUT_MS = 10_000;

type Helpers = ICredentialTestFunctions['helpers'] | IHttpRequestHelper['helpers'];

/**
 * Lets n8n's own client judge the address of a credential, with a request that carries no part of it.
 * For the credential's test and for the token of n8n's HTTP Request node, where n8n gives no filter.
 * Costs nothing where n8n's protection is off.
 *
 * @throws EgressRefusal; what else may happen is left to the requests that follow
 */
export async function judgeAddress(
	helpers: Helpers,
	{ baseUrl, tls }: Credentials,
	env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
	if (!mayBeProtected(env)) return;
	try {
		await ask(helpers, `${baseUrl}/health`, { ...tls, rejectUnauthorized: true });
	} catch (error) {
		const cause = refusalIn(error as Error, new URL(baseUrl).hostname);
		if (cause instanceof EgressRefusal) throw cause;
	}
}

/** As n8n reads it. Off only where it says so: a file may hold the value, too. */
function mayBeProtected(env: Readonly<Record<string, string | undefined>>): boolean {
	const value = env.N8N_SSRF_PROTECTION_ENABLED;
	if (value === undefined) return Boolean(env.N8N_SSRF_PROTECTION_ENABLED_FILE);
	return !['false', '0'].includes(value.toLowerCase());
}

/** n8n has two clients, each with a language of its own. Any answer will do. */
async function ask(helpers: Helpers, url: string, agentOptions: object): Promise<void> {
	const common = { method: 'GET' as const, timeout: TIMEOUT_MS, agentOptions };
	if ('httpRequest' in helpers) {
		const options = { returnFullResponse: true, ignoreHttpStatusErrors: true } as const;
		const noRedirect = { disableFollowRedirect: true, encoding: 'stream' } as const;
		close(await helpers.httpRequest({ ...common, ...options, ...noRedirect, url }));
	} else {
		const options = { resolveWithFullResponse: true, followRedirect: false, useStream: true };
		close(await helpers.request({ ...common, ...options, uri: url, simple: false }));
	}
}

/** Nothing of an answer is read. */
function close(answer: unknown): void {
	(answer as { body?: { destroy?: () => void } }).body?.destroy?.();
}
