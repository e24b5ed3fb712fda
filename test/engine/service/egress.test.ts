import { Logger } from '@n8n/backend-common';
import { OutboundHttp } from '@n8n/backend-network';
import { SsrfProtectionConfig } from '@n8n/config';
import { Container } from '@n8n/di';
import { CredentialTestContext } from 'n8n-core';
import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import type { Credentials } from '../../../client';
import { egressFilterOf } from '../../../nodes/shared/credential/egressFilter';
import { hostSend } from '../../../nodes/shared/credential/hostClient';
import { LogBook } from '../../support/engine/services/logBook';

/** n8n's own protection, with settings from the environment. */
function protect(settings: Partial<SsrfProtectionConfig>): void {
	Container.reset();
	Container.set(Logger, new LogBook() as unknown as Logger);
	Object.assign(Container.get(SsrfProtectionConfig), { enabled: true, ...settings });
}

function filter() {
	const getSecureEgressFilter = () => Container.get(OutboundHttp).egressFilter();
	const context = { helpers: { getSecureEgressFilter } } as unknown as IExecuteFunctions;
	const made = egressFilterOf(context);
	if (!made) throw new Error('There is no filter');
	return made;
}

async function addressesOf(lookup: LookupFunction, hostname: string): Promise<unknown> {
	return await promisify(lookup)(hostname, { all: true });
}

const REFUSAL = { code: 'EGRESS_REFUSED', reason: expect.stringContaining('restricted IP') };

describe("n8n's filter", () => {
	test('refuses this machine by address and by name, for requests, connections and lookups', async () => {
		protect({});
		const { check, checkHost, lookup } = filter();
		for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
			await expect(check(`https://${host}:8443/batch_image`)).rejects.toMatchObject({
				...REFUSAL,
				host,
			});
		}
		for (const host of ['127.0.0.1', '::1', '[::1]']) {
			expect(checkHost(host)).toMatchObject(REFUSAL);
		}
		await expect(addressesOf(lookup, 'localhost')).rejects.toMatchObject(REFUSAL);
	});

	test('allows what the administrator allows by name or by range', async () => {
		protect({ allowedHostnames: ['localhost'], allowedIpRanges: ['127.0.0.2/32'] });
		const { check, checkHost, lookup } = filter();
		await check('https://localhost/');
		await check('https://127.0.0.2/');
		expect(checkHost('127.0.0.2')).toBeUndefined();
		expect(checkHost('localhost')).toBeUndefined();
		await expect(addressesOf(lookup, 'localhost')).resolves.not.toHaveLength(0);
		await expect(check('https://127.0.0.1/')).rejects.toMatchObject(REFUSAL);
	});

	test("refuses a name on the administrator's list of names", async () => {
		protect({ blockedHostnames: ['localhost'], allowedIpRanges: ['127.0.0.0/8'] });
		const refusal = { code: 'EGRESS_REFUSED', reason: expect.stringContaining('hostname') };
		await expect(filter().check('https://localhost/')).rejects.toMatchObject(refusal);
	});

	test("leaves a name that can't be resolved to the network", async () => {
		protect({});
		const { check, lookup } = filter();
		const host = 'no-such-host.invalid';
		// In Jest, n8n doesn't recognize Node's errors and wraps them.
		const codeOf = (error: NodeJS.ErrnoException) =>
			error.code ?? (error.cause as NodeJS.ErrnoException).code;
		const code = expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as string;
		await expect(check(`https://${host}/`).catch(codeOf)).resolves.toEqual(code);
		await expect(addressesOf(lookup, host).catch(codeOf)).resolves.toEqual(code);
	});

	test('allows everything without protection, without a DNS query', async () => {
		protect({ enabled: false });
		const { check, checkHost } = filter();
		await check('https://127.0.0.1/');
		await check('https://no-such-host.invalid/');
		expect(checkHost('127.0.0.1')).toBeUndefined();
	});

	test('is undefined in an n8n without it', () => {
		expect(egressFilterOf({ helpers: {} } as IExecuteFunctions)).toBeUndefined();
	});
});

describe("n8n's own client, if n8n provides no filter", () => {
	const ON = { N8N_SSRF_PROTECTION_ENABLED: 'true' };
	let server: Server;
	let requests: IncomingMessage[];
	let port: number;

	beforeEach(async () => {
		requests = [];
		server = createServer((request, response) => {
			requests.push(request);
			response.writeHead(302, { Location: `http://127.0.0.1:${port}/elsewhere` }).end();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		({ port } = server.address() as AddressInfo);
	});

	afterEach(() => server.close());

	/** For the credential's test, and for signing a request. */
	const HELPERS = {
		"the credential's test": () => {
			return new CredentialTestContext({} as IWorkflowExecuteAdditionalData).helpers;
		},
		'the HTTP Request node': () => {
			const client = Container.get(OutboundHttp).requests();
			const httpRequest = async (options: IHttpRequestOptions) => await client.request(options);
			return { httpRequest };
		},
	};

	describe.each(Object.entries(HELPERS))('in %s', (_, helpers) => {
		async function judge(env: Record<string, string | undefined> = ON): Promise<void> {
			const credentials = {
				baseUrl: `http://127.0.0.1:${port}/api`,
				tls: {},
				secrets: ['enterprise-key'],
				identity: { kind: 'apiKey', apiKey: 'enterprise-key' },
			} as unknown as Credentials;
			const send = await hostSend(helpers(), credentials, env);
			const { signal } = new AbortController();
			await send?.({ method: 'GET', path: '/status', headers: {}, signal });
		}

		test('refuses, and nothing reaches the server', async () => {
			protect({});
			await expect(judge()).rejects.toMatchObject({ ...REFUSAL, host: '127.0.0.1' });
			expect(requests).toEqual([]);
		});

		test('sends no credential, accepts any response, and follows no redirect', async () => {
			protect({ allowedIpRanges: ['127.0.0.0/8'] });
			await judge();
			expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/health']);
			expect(requests[0]?.rawHeaders.join()).not.toContain('enterprise-key');
		});

		test('passes network errors on', async () => {
			protect({ allowedIpRanges: ['127.0.0.0/8'] });
			await new Promise((resolve) => server.close(resolve));
			await judge();
		});

		test.each([undefined, 'false', 'False', '0'])('is not used with %p', async (value) => {
			protect({});
			await judge({ N8N_SSRF_PROTECTION_ENABLED: value });
			expect(requests).toEqual([]);
		});

		test('is used if the setting is in a file', async () => {
			protect({});
			const env = { N8N_SSRF_PROTECTION_ENABLED_FILE: '/run/secrets/protection' };
			await expect(judge(env)).rejects.toMatchObject(REFUSAL);
		});
	});
});
