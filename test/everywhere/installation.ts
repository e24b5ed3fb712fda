import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from '../e2e/bench';
import type { EmulatorOptions } from '../support/emulator';
import { installHost, type HostNode, type HostVersion } from '../support/host/install/install';
import { N8n, type N8nOptions } from '../support/host/n8n';
import { installPackage, packProject } from '../support/host/install/pack';

interface InstallationOptions {
	version: HostVersion;
	/** Default: the one that the version uses by default. */
	node?: HostNode;
	emulator?: EmulatorOptions;
	env?: NodeJS.ProcessEnv;
	nodeArgs?: N8nOptions['nodeArgs'];
}

/** A running n8n with the package from its tarball, an emulator and a credential for it. */
export class Installation {
	private constructor(
		readonly n8n: N8n,
		readonly bench: Bench,
		private readonly filesFolder: string,
	) {}

	static async start({
		version,
		node,
		emulator,
		env,
		nodeArgs,
	}: InstallationOptions): Promise<Installation> {
		const host = await installHost(version, console.log, node);
		const tarball = await packProject();
		const filesFolder = await mkdtemp(join(tmpdir(), 'bitmind-everywhere-'));
		const n8n = await N8n.create({ host, env, nodeArgs, readableFolders: [filesFolder] });
		const { url, userFolder } = n8n;
		const bench = new Bench({ hostVersion: version, url, userFolder, filesFolder, tarball });
		const installation = new Installation(n8n, bench, filesFolder);
		try {
			await installPackage(tarball, userFolder);
			await n8n.start();
			await bench.start(emulator ?? {});
			return installation;
		} catch (error) {
			await installation.stop();
			throw error;
		}
	}

	/** All at once, so that nothing keeps running if another part fails to stop. */
	async stop(): Promise<void> {
		await Promise.all([
			this.n8n.stop(),
			this.bench.emulator?.close(),
			rm(this.filesFolder, { recursive: true, force: true, maxRetries: 5 }),
		]);
	}
}

export async function withInstallation<T>(
	options: InstallationOptions,
	use: (installation: Installation) => Promise<T>,
): Promise<T> {
	const installation = await Installation.start(options);
	try {
		return await use(installation);
	} finally {
		await installation.stop();
	}
}
