import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeCertificates } from '../../support/emulator/endpoints/certificates';
import { closeServer, Connections, listen } from '../../support/emulator/http/connections';
import { publish, type Published } from './publish';

const HOST = 'registry.npmjs.org';

/**
 * An npm registry on loopback, with one package and its dependencies. n8n accepts no other registry
 * without a license, so this one uses npm's host name, and a proxy leads only to it.
 */
export class Registry {
	private readonly proxy = createProxy();

	private readonly connections = new Connections(this.proxy);

	private constructor(
		private readonly folder: string,
		private readonly published: ReadonlyMap<string, Published>,
		/** The environment for n8n and the npm that it starts. */
		readonly env: NodeJS.ProcessEnv,
	) {}

	/** @param tarball of the package */
	static async start(tarball: string): Promise<Registry> {
		const folder = await mkdtemp(join(tmpdir(), 'bitmind-registry-'));
		const { ca, server } = await makeCertificates([HOST]);
		const env: NodeJS.ProcessEnv = {
			NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
			// Keeps these packages out of the npm cache of the person who runs the tests.
			npm_config_cache: join(folder, 'cache'),
		};
		await writeFile(join(folder, 'ca.pem'), ca);
		const registry = new Registry(folder, await publish(tarball, folder), env);
		const { certificate: cert, key } = server;
		env.HTTPS_PROXY = `http://127.0.0.1:${await registry.listen({ cert, key })}`;
		return registry;
	}

	async stop(): Promise<void> {
		await closeServer(this.proxy, this.connections);
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	private async listen(identity: { cert: string; key: string }): Promise<number> {
		const server = createServer(identity, ({ url = '' }, response) => {
			void this.bodyFor(decodeURIComponent(url)).then((body) => {
				response.writeHead(body ? 200 : 404).end(body ?? '{}');
			});
		});
		this.proxy.on('connect', ({ url }, socket: Socket) => {
			if (url === `${HOST}:443`) {
				socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
				server.emit('connection', socket);
			} else {
				socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
			}
		});
		return await listen(this.proxy, '127.0.0.1');
	}

	/** Of `/name`, `/name/version` and `/name/-/tarball`. */
	private async bodyFor(path: string): Promise<string | Buffer | undefined> {
		const [, name = '', version, file] = path.split('/');
		const published = this.published.get(name);
		if (!published) return undefined;
		if (file) return await readFile(published.tarball);
		const entry = versionOf(published);
		if (version) return version === entry.version ? JSON.stringify(entry) : undefined;
		const versions = { [entry.version]: entry };
		return JSON.stringify({ name, 'dist-tags': { latest: entry.version }, versions });
	}
}

function versionOf({ manifest, tarball, integrity }: Published) {
	const url = `https://${HOST}/${manifest.name}/-/${basename(tarball)}`;
	return { ...manifest, dist: { tarball: url, integrity } };
}
