import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { join } from 'node:path';
import type { Result } from '../../e2e/bench';
import { readFiles } from '../../e2e/bench';
import { startEmulator, type Emulator } from '../../support/emulator';
import { makeCertificates } from '../../support/emulator/endpoints/certificates';
import { images, type Sample } from '../../support/engine/media';
import type { Credential } from '../../support/host/workflow';
import { NEWEST } from '../hosts';
import { Installation } from '../installation';
import { NameServer } from './nameServer';

const NAMES = join(__dirname, 'names.cjs');

/** Names that lead to loopback addresses, and whether n8n's administrator has allowed them. */
export const HOSTS = {
	allowedByName: 'api.bitmind.test',
	allowedByRange: 'range.bitmind.test',
	private: 'private.bitmind.test',
	proxy: 'proxy.bitmind.test',
	privateProxy: 'private-proxy.bitmind.test',
};

interface Parts {
	installation: Installation;
	/** At 127.0.0.1, which only an allowed name may reach. */
	inside: Emulator;
	/** At 127.0.0.2. */
	outside: Emulator;
	names: NameServer;
	/** The certificate authority of both emulators. */
	ca: string;
}

/** An n8n that may reach 127.0.0.2 and some names, and an API at that address and at 127.0.0.1. */
export class Stage {
	private rebindingHosts = 0;

	readonly installation: Installation;
	readonly inside: Emulator;
	readonly outside: Emulator;

	private constructor(private readonly parts: Parts) {
		({ installation: this.installation, inside: this.inside, outside: this.outside } = parts);
	}

	static async start(): Promise<Stage> {
		const certificates = await makeCertificates(['*.bitmind.test']);
		const inside = await startEmulator({ tls: true, certificates });
		const { port } = inside;
		const outside = await startEmulator({ tls: true, certificates, host: '127.0.0.2', port });
		const names = await NameServer.start();
		const installation = await Installation.start({
			version: NEWEST,
			nodeArgs: ['--require', NAMES],
			env: {
				BITMIND_NAME_SERVER: `127.0.0.1:${names.port}`,
				N8N_SSRF_PROTECTION_ENABLED: 'true',
				N8N_SSRF_ALLOWED_HOSTNAMES: [HOSTS.allowedByName, HOSTS.proxy, 'localhost'].join(),
				N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.2/32',
			},
		});
		for (const name of Object.values(HOSTS)) names.set(name, '127.0.0.1');
		names.set(HOSTS.allowedByRange, '127.0.0.2');
		return new Stage({ installation, inside, outside, names, ca: certificates.ca });
	}

	async stop(): Promise<void> {
		await this.installation.stop();
		const { inside, outside, names } = this.parts;
		await Promise.all([inside.close(), outside.close(), names.stop()]);
	}

	/** Forgets the requests of both emulators. */
	reset(): void {
		this.inside.reset();
		this.outside.reset();
	}

	/**
	 * A new name that leads to an internal address after a while. n8n caches names for a second.
	 *
	 * @param safeLookups how often it leads to the allowed address first
	 */
	rebindingHost(safeLookups: number): string {
		const name = `rebinding-${this.rebindingHosts++}.bitmind.test`;
		this.parts.names.set(name, ...Array<string>(safeLookups).fill('127.0.0.2'), '127.0.0.1');
		return name;
	}

	urlOf(host: string): string {
		return `https://${host}:${this.inside.port}`;
	}

	/** With a key, and with a token of the API. */
	get forms(): Array<[string, IDataObject]> {
		const { apiKey, client } = this.inside;
		return [
			['a key', { authentication: 'apiKey', apiKey }],
			['a token', { authentication: 'oAuth2', clientId: client.id, clientSecret: client.secret }],
		];
	}

	async credential(form: IDataObject, host: string): Promise<Credential> {
		const { bench } = this.installation;
		return await bench.createCredential({
			...(form as Credential['data']),
			baseUrl: this.urlOf(host),
			caCertificate: this.parts.ca,
		});
	}

	/** Image detection with a credential for a host. */
	async detect(form: IDataObject, host: string, parameters: INodeParameters = {}) {
		const { bench } = this.installation;
		bench.credential = await this.credential(form, host);
		return await this.run(
			bench.imageNode({ options: { maxRetries: 1 }, ...parameters }),
			images(4),
		);
	}

	async run(
		node: INode,
		samples: readonly Sample[],
	): Promise<{ result: Result; samples: readonly Sample[] }> {
		const { bench } = this.installation;
		const files = await bench.write(samples);
		return { result: await bench.run([readFiles(files), node]), samples };
	}
}
