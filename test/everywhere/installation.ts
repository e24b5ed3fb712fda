import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from '../e2e/bench';
import type { EmulatorOptions } from '../emulator';
import { installHost, type HostVersion } from '../host/install';
import { N8n, type N8nOptions } from '../host/n8n';
import { installPackage, packProject } from '../host/pack';

export interface InstallationOptions {
	version: HostVersion;
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
		emulator,
		env,
		nodeArgs,
	}: InstallationOptions): Promise<Installation> {
		const host = await installHost(version, console.log);
		const tarball = await packProject();
		const filesFolder = await mkdtemp(join(tmpdir(), 'bitmind-everywhere-'));
		const n8n = await N8n.create({ host, env, nodeArgs, readableFolders: [filesFolder] });
		await installPackage(tarball, n8n.userFolder);
		await n8n.start();
		const { url, userFolder } = n8n;
		const bench = new Bench({ hostVersion: version, url, userFolder, filesFolder, tarball });
		await bench.start(emulator ?? {});
		return new Installation(n8n, bench, filesFolder);
	}

	async stop(): Promise<void> {
		await this.n8n.stop();
		await this.bench.emulator.close();
		await rm(this.filesFolder, { recursive: true, force: true });
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
