import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runNpm } from '../command';

const PROJECT = resolve(__dirname, '../../../..');

let packed: Promise<string> | undefined;

/** Builds the project and packs it as for publishing, once per process. Returns the path of the tarball. */
export async function packProject(): Promise<string> {
	packed ??= buildAndPack();
	return await packed;
}

async function buildAndPack(): Promise<string> {
	// A test run packs the project once, and tells its test files the path in this variable.
	if (process.env.BITMIND_TARBALL) return process.env.BITMIND_TARBALL;
	await runNpm(['run', 'build'], { cwd: PROJECT });
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-package-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return await pack(PROJECT, folder);
}

/** Packs a package into a tarball in another folder. */
export async function pack(packageFolder: string, intoFolder: string): Promise<string> {
	const args = ['pack', '--json', '--ignore-scripts', `--pack-destination=${intoFolder}`];
	const { stdout } = await runNpm(args, { cwd: packageFolder });
	const [entry] = JSON.parse(stdout) as Array<{ filename: string }>;
	if (!entry) throw new Error('npm pack made no tarball');
	return join(intoFolder, entry.filename);
}

/**
 * Installs a package as n8n does for its users: into `.n8n/nodes`, without install scripts and peer
 * dependencies.
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	await mkdir(folder, { recursive: true });
	const manifest = join(folder, 'package.json');
	if (!existsSync(manifest)) {
		await writeFile(manifest, '{ "name": "installed-nodes", "private": true }\n');
	}
	await forgetEarlierTarball(folder);
	const flags = ['--ignore-scripts', '--legacy-peer-deps', '--omit=dev', '--no-audit', '--no-fund'];
	await runNpm(['install', ...flags, tarball], { cwd: folder });
	if (existsSync(join(folder, 'node_modules', 'n8n-workflow'))) {
		// n8n recognizes its errors by instanceof, which fails with a second copy.
		throw new Error('The package has installed its own copy of n8n-workflow in .n8n/nodes');
	}
}

/** npm needs every tarball that the manifest and the lock file name, but an earlier one no longer exists. */
async function forgetEarlierTarball(folder: string): Promise<void> {
	const path = join(folder, 'package.json');
	const manifest = JSON.parse(await readFile(path, 'utf8')) as {
		dependencies?: Record<string, string>;
	};
	const kept = Object.entries(manifest.dependencies ?? {}).filter(
		([, spec]) => !spec.startsWith('file:'),
	);
	const dependencies = Object.fromEntries(kept);
	await writeFile(path, `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`);
	await rm(join(folder, 'package-lock.json'), { force: true });
	await rm(join(folder, 'node_modules'), { recursive: true, force: true });
}
