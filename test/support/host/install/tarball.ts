import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { runCommand } from '../command';

export interface PackageManifest {
	name: string;
	version: string;
	[field: string]: unknown;
}

/** The checksum of a tarball, as in the `dist.integrity` of a registry. */
export async function integrityOf(tarball: string): Promise<string> {
	const hash = createHash('sha512').update(await readFile(tarball));
	return `sha512-${hash.digest('base64')}`;
}

/** The package.json inside a tarball. */
export async function manifestOf(tarball: string): Promise<PackageManifest> {
	const { exitCode, stdout, output } = await runCommand('tar', [
		'-xzOf',
		tarball,
		'package/package.json',
	]);
	if (exitCode !== 0) throw new Error(`${tarball} has no package.json:\n${output}`);
	return JSON.parse(stdout) as PackageManifest;
}
