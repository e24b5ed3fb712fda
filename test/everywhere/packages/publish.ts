import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runNpm } from '../../support/host/command';
import { integrityOf, manifestOf, type PackageManifest } from '../../support/host/install/tarball';

const PROJECT = resolve(__dirname, '../../..');

export interface Published {
	manifest: PackageManifest;
	tarball: string;
	integrity: string;
}

/** A tarball, and packages of everything that it depends on, as installed in this project. */
export async function publish(tarball: string, folder: string): Promise<Map<string, Published>> {
	const manifest = await manifestOf(tarball);
	const folders = new Set<string>();
	await collect(PROJECT, manifest, folders);
	const args = ['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`];
	const { stdout } = await runNpm([...args, ...folders], { cwd: folder });
	const packed = JSON.parse(stdout) as Array<{ filename: string }>;
	const tarballs = [tarball, ...packed.map(({ filename }) => join(folder, filename))];
	const published = new Map<string, Published>();
	for (const each of tarballs) {
		const manifest = await manifestOf(each);
		const integrity = await integrityOf(each);
		published.set(manifest.name, { manifest, tarball: each, integrity });
	}
	return published;
}

/** The folders of all dependencies of a package, found as Node finds them. */
async function collect(from: string, manifest: PackageManifest, found: Set<string>): Promise<void> {
	for (const name of Object.keys(manifest.dependencies ?? {})) {
		const places = [from, PROJECT].map((place) => join(place, 'node_modules', name));
		const folder = places.find(existsSync);
		if (!folder) throw new Error(`${name} is not among this project's packages`);
		if (found.has(folder)) continue;
		found.add(folder);
		const text = await readFile(join(folder, 'package.json'), 'utf8');
		await collect(folder, JSON.parse(text) as PackageManifest, found);
	}
}
