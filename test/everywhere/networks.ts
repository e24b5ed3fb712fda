import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFiles, startNode, IMAGE, type Bench } from '../e2e/bench';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator';
import { images } from '../engine/media';
import { chain } from '../engine/workflows';
import { itemsOf } from '../host/runOutput';
import type { Credential } from '../host/workflow';
import { HOST_NAMES, NEWEST, OLDEST } from './hosts';
import { withInstallation, type Installation } from './installation';
import { Proxy } from './proxy';
import type { Row } from './row';
import { Tally } from './tally';

interface Network {
	name: string;
	emulator?: EmulatorOptions;
	/** Beside the API key. */
	form?: (emulator: Emulator) => Credential['data'];
	env?: (proxy: Proxy, extraCa: string) => NodeJS.ProcessEnv;
	/** The run fails, with this message, where there is one; otherwise every item has its verdict. */
	message?: RegExp;
	/** Whether the connection has gone through the proxy. */
	isProxied?: boolean;
	/** What else must hold. */
	check?: (emulator: Emulator, proxy: Proxy) => string | undefined;
}

const withCa = ({ certificates }: Emulator) => ({ caCertificate: certificates.ca });
const withClientCertificate = (emulator: Emulator) => {
	const { certificate, encryptedKey, passphrase } = emulator.certificates.client;
	return {
		...withCa(emulator),
		useClientCertificate: true,
		clientCertificate: certificate,
		clientKey: encryptedKey,
		passphrase,
	};
};

const NETWORKS: Network[] = [
	{ name: 'IPv6 loopback', emulator: { host: '::1' } },
	{ name: 'CA of the credential', emulator: { tls: true }, form: withCa },
	{ name: 'no CA', emulator: { tls: true }, message: /^No secure connection to BitMind/ },
	{
		name: 'NODE_EXTRA_CA_CERTS',
		emulator: { tls: true },
		env: (_, extraCa) => ({ NODE_EXTRA_CA_CERTS: extraCa }),
	},
	{ name: 'TLS 1.2 alone', emulator: { tls: true, tlsVersion: 'TLSv1.2' }, form: withCa },
	{ name: 'TLS 1.3 alone', emulator: { tls: true, tlsVersion: 'TLSv1.3' }, form: withCa },
	{
		name: 'HTTPS_PROXY with a password',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url() }),
		isProxied: true,
	},
	{
		name: 'https_proxy in small letters',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ https_proxy: proxy.url() }),
		isProxied: true,
	},
	{
		name: 'HTTP_PROXY for http',
		env: (proxy) => ({ HTTP_PROXY: proxy.url() }),
		isProxied: true,
	},
	{
		name: 'HTTPS_PROXY with a wrong password',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url('wrong') }),
		message: /^The proxy did not let the connection through \(status 407\)/,
	},
	{
		name: 'NO_PROXY',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url(), NO_PROXY: '127.0.0.1,localhost' }),
		isProxied: false,
	},
	{
		name: 'mTLS handshake through HTTPS_PROXY',
		emulator: { clientCertificate: 'both', refuseInHandshake: true },
		form: withClientCertificate,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url() }),
		isProxied: true,
		check: ({ batchRequests }) =>
			batchRequests.every(({ handshakeCertificate }) => handshakeCertificate === 'registered')
				? undefined
				: 'the certificate in the handshake',
	},
	{
		name: 'token through HTTPS_PROXY',
		emulator: { tls: true },
		form: (emulator) => ({
			...withCa(emulator),
			authentication: 'oAuth2',
			clientId: emulator.client.id,
			clientSecret: emulator.client.secret,
		}),
		env: (proxy) => ({ HTTPS_PROXY: proxy.url() }),
		isProxied: true,
	},
];

/** Each in a process of its own, because Node reads much of this once. */
export async function* networks(): AsyncGenerator<Row> {
	for (const version of [OLDEST, NEWEST]) {
		const installation = { version };
		const rows = await withInstallation(installation, async (installed) => {
			const rows: Row[] = [];
			for (const network of NETWORKS)
				rows.push(await tryNetwork(installed, network, HOST_NAMES[version]));
			return rows;
		});
		yield* rows;
	}
}

async function tryNetwork(
	{ n8n, bench }: Installation,
	{ name, emulator: options, form, env, message, isProxied, check }: Network,
	host: string,
): Promise<Row> {
	const tally = new Tally();
	const proxy = await Proxy.start();
	const emulator = await startEmulator(options);
	const extraCa = join(n8n.userFolder, 'extra-ca.pem');
	await writeFile(extraCa, emulator.certificates.ca);
	const samples = images(60);
	const id = await createWorkflow(
		bench,
		emulator,
		form?.(emulator) ?? {},
		await bench.write(samples),
	);
	const { run, output } = await n8n.execute(id, env?.(proxy, extraCa) ?? {});
	const items = run ? itemsOf(run, IMAGE) : [];
	if (message) {
		const said = run?.data.resultData.error?.message ?? output;
		tally.add(
			items,
			samples.map(() => null),
		);
		tally.expect(message.test(said), `the message, not '${said.slice(0, 200)}'`);
	} else {
		tally.add(
			items,
			samples.map(({ verdict }) => verdict),
		);
		const said = run?.data.resultData.error?.message ?? '';
		tally.expect(said === '', said);
	}
	const passed = proxy.tunnels.length + proxy.forwarded.length;
	if (isProxied !== undefined) tally.expect(passed > 0 === isProxied, `proxied: ${isProxied}`);
	const missing = check?.(emulator, proxy);
	tally.expect(missing === undefined, missing ?? '');
	tally.expect(!output.includes('proxy-pass'), 'no password of the proxy in any output');
	await emulator.close();
	await proxy.stop();
	return tally.row(host, name);
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
