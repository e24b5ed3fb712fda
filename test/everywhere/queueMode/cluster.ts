import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from '../../e2e/bench';
import { freePort, n8nEnvironment } from '../../support/host/environment';
import { HostProcess } from '../../support/host/hostProcess';
import { installHost, type Host, type HostVersion } from '../../support/host/install/install';
import { N8n } from '../../support/host/n8n';
import { installPackage, packProject } from '../../support/host/install/pack';
import { startPostgres, startRedis, type Service } from '../../support/host/services';
import { NEWEST_NAME } from '../hosts';
import { PROBE_ARGS } from '../longLived/leftovers';

export const QUEUE_MODE_HOST = `${NEWEST_NAME}, queue mode`;

/** A worker process, and the executions that it has logged as started. */
export class Worker {
	constructor(
		readonly name: string,
		private readonly running: HostProcess,
	) {}

	get pid(): number | undefined {
		return this.running.pid;
	}

	get started(): string[] {
		const lines = this.running.log.matchAll(/Worker started execution (\d+)/g);
		return Array.from(lines, ([, id]) => id as string);
	}

	/** Like a crash, or a machine that goes down. */
	kill(): void {
		this.running.kill();
	}

	async stop(): Promise<void> {
		await this.running.stop();
	}
}

/** n8n in queue mode: a main process, two workers, Redis and PostgreSQL, files in the database. */
export class Cluster {
	readonly workers: Worker[] = [];
	main!: N8n;
	bench!: Bench;
	private readonly services: Service[] = [];
	private folder = '';
	private host!: Host;
	private env: NodeJS.ProcessEnv = {};
	private tarball = '';

	/** The files of the workers' probes. */
	get probe(): string {
		return join(this.folder, 'probe');
	}

	static async start(version: HostVersion): Promise<Cluster> {
		const cluster = new Cluster();
		try {
			await cluster.bringUp(version);
			return cluster;
		} catch (error) {
			await cluster.stop();
			throw error;
		}
	}

	/** Stops n8n first, because its processes don't end without Redis and PostgreSQL. */
	async stop(): Promise<void> {
		await Promise.all(this.workers.map((worker) => worker.stop()));
		await this.main?.stop();
		await this.bench?.emulator?.close();
		for (const service of this.services) await service.stop();
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	async addWorker(): Promise<void> {
		const name = `worker ${this.workers.length + 1}`;
		const userFolder = await mkdtemp(join(this.folder, 'worker-'));
		await installPackage(this.tarball, userFolder);
		const port = await freePort();
		const env = await n8nEnvironment(this.host, {
			userFolder,
			port: await freePort(),
			readableFolders: [this.folder],
			extra: {
				...this.env,
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				BITMIND_PROBE: this.probe,
			},
		});
		const args = [...PROBE_ARGS, this.host.n8n, 'worker', '--concurrency=2'];
		const running = new HostProcess(this.host.node, args, { env, cwd: userFolder });
		this.workers.push(new Worker(name, running));
		await running.waitUntil(async () => {
			return (await fetch(`http://127.0.0.1:${port}/healthz/readiness`)).ok;
		});
	}

	private async bringUp(version: HostVersion): Promise<void> {
		this.folder = await mkdtemp(join(tmpdir(), 'bitmind-cluster-'));
		this.host = await installHost(version, console.log);
		this.tarball = await packProject();
		const [redis, postgres] = [await startRedis(console.log), await startPostgres(console.log)];
		this.services.push(redis, postgres);
		this.env = {
			EXECUTIONS_MODE: 'queue',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'n8n',
			DB_POSTGRESDB_USER: 'n8n',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			// Notices a dead worker after seconds rather than a minute.
			QUEUE_WORKER_LOCK_DURATION: '6000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
			QUEUE_WORKER_STALLED_INTERVAL: '3000',
		};
		const { host, env, folder } = this;
		this.main = await N8n.create({ host, env, readableFolders: [folder] });
		await installPackage(this.tarball, this.main.userFolder);
		await this.main.start();
		await this.addWorker();
		await this.addWorker();
		const { url, userFolder } = this.main;
		const shared = { hostVersion: version, url, userFolder, filesFolder: folder };
		this.bench = new Bench({ ...shared, tarball: this.tarball });
		await this.bench.start({});
	}
}
