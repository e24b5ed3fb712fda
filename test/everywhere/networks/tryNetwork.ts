import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE, readFiles, startNode, type Bench } from '../../e2e/bench';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../support/emulator';
import { images, type Sample } from '../../support/engine/media';
import { chain } from '../../support/engine/workflows';
import type { Execution } from '../../support/host/n8n';
import { itemsOf } from '../../support/host/runOutput';
import type { Credential } from '../../support/host/workflow';
import type { Installation } from '../installation';
import { Proxy } from './proxy';
import { brokenRow, type Row } from '../row';
import { Tally } from '../tally';

export interface Network {
	name: string;
	emulator?: EmulatorOptions;
	/** Fields in addition to the API key. */
	form?: (emulator: Emulator) => Credential['data'];
	env?: (proxy: Proxy, extraCa: string) => NodeJS.ProcessEnv;
	/** If given, the run must fail with this message; otherwise every item must have its verdict. */
	message?: RegExp;
	/** All connections go through the proxy; otherwise none does. */
	isProxied?: boolean;
	/** Further conditions. */
	check?: (emulator: Emulator) => string | undefined;
}

/** A network that throws an error gets its own row, and the others continue. */
export async function tryNetwork(
	installation: Installation,
	network: Network,
	host: string,
): Promise<Row> {
	const tally = new Tally();
	try {
		const proxy = await Proxy.start();
		try {
			await tryWithProxy(installation, network, proxy, tally);
		} finally {
			await proxy.stop();
		}
		return tally.row(host, network.name);
	} catch (error) {
		console.error(error);
		return brokenRow(network.name, error, host);
	}
}

async function tryWithProxy(
	installation: Installation,
	network: Network,
	proxy: Proxy,
	tally: Tally,
): Promise<void> {
	const emulator = await startEmulator(network.emulator);
	try {
		const samples = images(60);
		const pattern = await installation.bench.write(samples);
		const end = await execute(installation, network, { emulator, proxy, pattern });
		expectResult(tally, network, samples, end);
		expectWay(tally, network, emulator, proxy);
		const missing = network.check?.(emulator);
		tally.expect(missing === undefined, missing ?? '');
		tally.expect(!end.output.includes('proxy-pass'), 'no password of the proxy in any output');
	} finally {
		await emulator.close();
	}
}

async function execute(
	{ n8n, bench }: Installation,
	{ form, env }: Network,
	{ emulator, proxy, pattern }: { emulator: Emulator; proxy: Proxy; pattern: string },
): Promise<Execution> {
	const extraCa = join(n8n.userFolder, 'extra-ca.pem');
	await writeFile(extraCa, emulator.certificates.ca);
	const id = await createWorkflow(bench, emulator, form?.(emulator) ?? {}, pattern);
	return await n8n.execute(id, env?.(proxy, extraCa) ?? {});
}

function expectResult(
	tally: Tally,
	{ message }: Network,
	samples: readonly Sample[],
	{ run, output }: Execution,
): void {
	const expected = samples.map(({ verdict }) => (message ? null : verdict));
	tally.add(run ? itemsOf(run, IMAGE) : [], expected);
	const error = run?.data.resultData.error?.message;
	if (message) {
		const said = error ?? output;
		tally.expect(message.test(said), `the message, not '${said.slice(0, 200)}'`);
	} else {
		tally.expect(error === undefined, error ?? '');
	}
}

/** The emulator sees the other end of each connection, which is a port of the proxy or not. */
function expectWay(
	tally: Tally,
	{ isProxied = false }: Network,
	{ requests, connections }: Emulator,
	{ onwardPorts }: Proxy,
): void {
	const proxied = requests.filter(({ remotePort }) => onwardPorts.has(remotePort));
	const expected = isProxied ? requests.length : 0;
	tally.expect(
		proxied.length === expected,
		`${proxied.length} of ${requests.length} requests through the proxy, not ${expected}`,
	);
	tally.expect(
		onwardPorts.size === (isProxied ? connections : 0),
		`${onwardPorts.size} of ${connections} connections through the proxy`,
	);
	if (isProxied) tally.expect(requests.length > 0, 'anything through the proxy');
}

async function createWorkflow(
	bench: Bench,
	emulator: Emulator,
	form: Credential['data'],
	files: string,
): Promise<string> {
	const { apiKey, url: baseUrl } = emulator;
	bench.credential = await bench.createCredential({
		authentication: 'apiKey',
		apiKey,
		baseUrl,
		...form,
	});
	const detect = bench.imageNode({ options: { maxRetries: 1 } });
	const workflow = chain([startNode(), readFiles(files), detect]);
	return await bench.api.createWorkflow({ name: 'Network', ...workflow });
}
