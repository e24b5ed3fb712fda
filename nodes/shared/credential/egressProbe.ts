import type { ICredentialTestFunctions, IHttpRequestHelper } from 'n8n-workflow';
import { type Credentials, type EgressFilter, isLoopback } from '../../../client';
import { refusalIn } from './egressFilter';

const TIMEOUT_MS = 10_000;

type Helpers = ICredentialTestFunctions['helpers'] | IHttpRequestHelper['helpers'];

/** What is read of n8n's answers: the connection that they came by. */
interface Answer {
	body: { socket?: { remoteAddress?: string }; destroy(): void };
}

/**
 * A filter for where n8n gives none, but a protected client of its own: in the credential's test, and
 * while the HTTP Request node signs. That client makes one request to the same server, without the
 * credential. If it may, connections go to the very address that it has come to, and to no other.
 *
 * @returns undefined where n8n's protection is off
 */
export function probedFilter(
	helpers: Helpers,
	{ baseUrl, tls }: Credentials,
	env: Readonly<Record<string, string | undefined>>,
): EgressFilter | undefined {
	if (!mayBeProtected(env)) return undefined;
	let probed: Promise<string> | undefined;
	const address = () => (probed ??= probe(helpers, `${baseUrl}/health`, tls));
	return {
		check: async () => {
			await address();
		},
		checkHost: () => {},
		lookup: (hostname, { all }, callback) => {
			address().then(
				(known) => {
					const [first, ...more] = addressesOf(hostname, known);
					if (all) callback(null, [first, ...more]);
					else callback(null, first.address, first.family);
				},
				(error: Error) => callback(error, ''),
			);
		},
	};
}

interface Address {
	address: string;
	family: 4 | 6;
}

/** n8n's client may have gone by a proxy. Where this machine is, needs no asking. */
function addressesOf(hostname: string, known: string): [Address, ...Address[]] {
	if (isLoopback(hostname)) return [entryOf('127.0.0.1'), entryOf('::1')];
	return [entryOf(known)];
}

function entryOf(address: string): Address {
	return { address, family: address.includes(':') ? 6 : 4 };
}

/** As n8n reads it. Off only where it says so: a file may hold the value, too. */
function mayBeProtected(env: Readonly<Record<string, string | undefined>>): boolean {
	const value = env.N8N_SSRF_PROTECTION_ENABLED;
	if (value === undefined) return Boolean(env.N8N_SSRF_PROTECTION_ENABLED_FILE);
	return !['false', '0'].includes(value.toLowerCase());
}

/** The address that n8n's client has come to. */
async function probe(helpers: Helpers, url: string, tls: Credentials['tls']): Promise<string> {
	try {
		const { body } = await ask(helpers, url, tls);
		const address = body.socket?.remoteAddress;
		body.destroy();
		if (!address) throw new Error('its answer does not tell where it came from');
		return address;
	} catch (error) {
		throw refusalIn(error as Error, new URL(url).hostname);
	}
}

/** n8n has two clients with a language of their own each. */
async function ask(helpers: Helpers, url: string, tls: Credentials['tls']): Promise<Answer> {
	const agentOptions = { ...tls, rejectUnauthorized: true };
	// Not compressed: n8n would hand the unpacked text on without its connection.
	const headers = { 'accept-encoding': 'identity' };
	const common = { method: 'GET' as const, headers, timeout: TIMEOUT_MS, agentOptions };
	if ('httpRequest' in helpers) {
		return (await helpers.httpRequest({
			...common,
			url,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		})) as Answer;
	}
	return (await helpers.request({
		...common,
		uri: url,
		useStream: true,
		resolveWithFullResponse: true,
		simple: false,
		followRedirect: false,
	})) as Answer;
}
