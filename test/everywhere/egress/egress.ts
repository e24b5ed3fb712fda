import { images } from '../../support/engine/media';
import { chain, node } from '../../support/engine/workflows';
import { itemsOf } from '../../support/host/runOutput';
import { IMAGE, readFiles, startNode } from '../../e2e/bench';
import { NEWEST_NAME } from '../hosts';
import { Proxy, PROXY_PASSWORD } from '../networks/proxy';
import type { Row } from '../row';
import { Tally } from '../tally';
import { HOSTS, Stage } from './stage';

const HOST = `${NEWEST_NAME}, egress protection`;
const REFUSAL = /^n8n does not allow requests to [\w.-]+: .*restricted IP address/;

/** With n8n's protection on, no connection is made that the administrator has not allowed. */
export async function* egress(): AsyncGenerator<Row> {
	const stage = await Stage.start();
	try {
		for (const scenario of [refused, allowed, rebinding, credentialTest, httpRequest, proxies]) {
			stage.reset();
			yield await scenario(stage);
		}
	} finally {
		await stage.stop();
	}
}

async function refused(stage: Stage): Promise<Row> {
	const tally = new Tally();
	for (const host of ['127.0.0.1', HOSTS.private]) {
		for (const [way, form] of stage.forms) {
			const { result, samples } = await stage.detect(form, host);
			tally.add(
				result.items,
				samples.map(() => null),
			);
			const { message = '', description = '' } = result.error ?? {};
			tally.expect(REFUSAL.test(message), `the refusal of ${host} with ${way}, not '${message}'`);
			tally.expect(message.includes(host), `the message names ${host}`);
			const advice = String(description);
			tally.expect(advice.includes('N8N_SSRF_ALLOWED_HOSTNAMES'), `the cure, not '${advice}'`);
		}
	}
	tally.expect(stage.inside.connections === 0, 'no connection');
	return tally.row(HOST, 'refused, by address and by name');
}

async function allowed(stage: Stage): Promise<Row> {
	const tally = new Tally();
	for (const host of [HOSTS.allowedByName, HOSTS.allowedByRange]) {
		for (const [, form] of stage.forms) {
			const { result, samples } = await stage.detect(form, host);
			tally.add(
				result.items,
				samples.map(({ verdict }) => verdict),
			);
		}
	}
	tally.expect(stage.inside.batchRequests.length === 2, 'two requests by the name');
	tally.expect(stage.outside.batchRequests.length === 2, 'two requests by the range');
	return tally.row(HOST, 'allowed, by name and by range');
}

/** The name leads inside after some lookups. The pause between requests is longer than n8n caches names. */
async function rebinding(stage: Stage): Promise<Row> {
	const tally = new Tally();
	const options = { batchSize: 2, concurrency: 1, requestsPerMinute: 30, maxRetries: 1 };
	for (const safeLookups of [1, 2, 3]) {
		for (const [way, form] of stage.forms) {
			stage.reset();
			const host = stage.rebindingHost(safeLookups);
			const { result, samples } = await stage.detect(form, host, { options });
			const { message } = result.error ?? {};
			tally.add(
				result.items,
				samples.map(({ verdict }) => (message ? null : verdict)),
			);
			// The other request may reuse the first connection.
			const isRight = message ? REFUSAL.test(message) : safeLookups > 1;
			tally.expect(isRight, `the refusal with ${way}, not '${message}'`);
			tally.expect(stage.inside.connections === 0, `no connection inside with ${way}`);
		}
	}
	return tally.row(HOST, 'a name that leads elsewhere later');
}

async function credentialTest(stage: Stage): Promise<Row> {
	const tally = new Tally();
	const { api } = stage.installation.bench;
	for (const [way, form] of stage.forms) {
		for (const host of ['127.0.0.1', HOSTS.private]) {
			const { status, message } = await api.testCredential(await stage.credential(form, host));
			const isRefused = status === 'Error' && REFUSAL.test(message);
			tally.expect(isRefused, `the refusal of ${host} with ${way}, not '${message}'`);
		}
		tally.expect(stage.inside.connections === 0, `no connection inside with ${way}`);
		for (const host of [HOSTS.allowedByRange, HOSTS.allowedByName]) {
			const { status, message } = await api.testCredential(await stage.credential(form, host));
			tally.expect(status === 'OK', `${host} with ${way}: ${message}`);
		}
		// n8n's own client looks up the name twice.
		for (const safeLookups of [1, 2, 3]) {
			stage.reset();
			const host = stage.rebindingHost(safeLookups);
			const { status } = await api.testCredential(await stage.credential(form, host));
			const { length } = stage.inside.requests;
			tally.expect(
				length === 0,
				`${length} requests inside after ${safeLookups} lookups, ${status}`,
			);
		}
		stage.reset();
	}
	return tally.row(HOST, "the credential's test");
}

/** n8n's HTTP Request node, and the token that is fetched for it. */
async function httpRequest(stage: Stage): Promise<Row> {
	const tally = new Tally();
	for (const [way, form] of stage.forms) {
		for (const host of [HOSTS.private, HOSTS.allowedByName]) {
			const { id, name, type } = await stage.credential(form, host);
			const parameters = {
				url: `${stage.urlOf(HOSTS.allowedByName)}/status`,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: type,
			};
			const request = node('n8n-nodes-base.httpRequest', 'HTTP Request', parameters, {
				typeVersion: 4.2,
				credentials: { [type]: { id, name } },
			});
			const { error } = await stage.installation.bench.run([request]);
			const isRefused = host === HOSTS.private && way === 'a token';
			const said = error?.message ?? 'no error';
			tally.expect(Boolean(error) === isRefused, `${way} of ${host}: ${said}`);
			if (isRefused) tally.expect(/does not allow requests/.test(said), `the refusal, not ${said}`);
		}
	}
	const tokens = stage.inside.requests.filter(({ path }) => path === '/v1/oauth/token');
	tally.expect(tokens.length === 1, `${tokens.length} token requests`);
	return tally.row(HOST, "n8n's HTTP Request node");
}

/** Connections to a proxy are checked, too, but not the connections of the proxy. */
async function proxies(stage: Stage): Promise<Row> {
	const tally = new Tally();
	for (const [host, isAllowed] of [
		['127.0.0.1', false],
		[HOSTS.privateProxy, false],
		[HOSTS.proxy, true],
	] as const) {
		const proxy = await Proxy.start();
		const { run, samples } = await detectThrough(stage, proxy.url(PROXY_PASSWORD, host));
		const message = run?.data.resultData.error?.message ?? 'no error';
		tally.add(
			run ? itemsOf(run, IMAGE) : [],
			samples.map(({ verdict }) => (isAllowed ? verdict : null)),
		);
		if (isAllowed) {
			tally.expect(proxy.onwardPorts.size > 0, `the proxy ${host} was used: ${message}`);
		} else {
			tally.expect(proxy.connections === 0, `no connection to the proxy ${host}`);
			tally.expect(REFUSAL.test(message) && message.includes(host), `the refusal, not ${message}`);
		}
		await proxy.stop();
	}
	return tally.row(HOST, 'proxies');
}

/** In its own process, because HTTPS_PROXY is read at the start. */
async function detectThrough(stage: Stage, proxyUrl: string) {
	const { n8n, bench } = stage.installation;
	const [[, form] = ['', {}]] = stage.forms;
	bench.credential = await stage.credential(form, 'localhost');
	const samples = images(4);
	const detect = bench.imageNode({ options: { maxRetries: 1 } });
	const workflow = chain([startNode(), readFiles(await bench.write(samples)), detect]);
	const id = await bench.api.createWorkflow({ name: 'Through a proxy', ...workflow });
	const { run } = await n8n.execute(id, { HTTPS_PROXY: proxyUrl });
	return { run, samples };
}
