import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Log, runCommand } from '../command';

/** The first of these programs on the PATH or in one of the folders. */
export function findProgram(
	names: readonly string[],
	folders: readonly string[] = [],
): string | undefined {
	const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	return [...path, ...folders]
		.flatMap((folder) => names.map((name) => join(folder, name)))
		.find(existsSync);
}

/** The folders in which Debian keeps the versions of a program such as PostgreSQL. */
export function versionedFolders(parent: string, child: string): string[] {
	if (!existsSync(parent)) return [];
	return readdirSync(parent).map((version) => join(parent, version, child));
}

/** Installs packages if that is possible without asking, which means on Debian and as root. */
export async function installPackages(
	packages: readonly string[],
	why: string,
	log: Log,
): Promise<void> {
	if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) throw new Error(why);
	log(`Installing ${packages.join(', ')} with apt-get`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
		const { exitCode, output } = await runCommand('apt-get', ['-q', ...args], { env });
		if (exitCode !== 0) throw new Error(`apt-get ${args.join(' ')}:\n${output.slice(-2_000)}`);
	}
}
