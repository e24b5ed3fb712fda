import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { listedPackage, type ListedPackage } from '../../../scripts/releaseNotes';
import { runCommand } from '../../support/host/command';
import { installHost } from '../../support/host/install/install';
import { N8n } from '../../support/host/n8n';
import { packProject } from '../../support/host/install/pack';
import { NEWEST, NEWEST_NAME } from '../hosts';
import type { Row } from '../row';
import { Tally } from '../tally';
import { Registry } from './registry';

const README = resolve(__dirname, '../../../README.md');
/** The default of n8n 3.0. */
const NO_UNVERIFIED = { N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' };
const NODES = ['n8n-nodes-bitmind.batchImageDetect', 'n8n-nodes-bitmind.batchVideoDetect'];

/** The ways to install the package into n8n. */
export async function* packages(): AsyncGenerator<Row> {
	const tarball = await packProject();
	const registry = await Registry.start(tarball);
	try {
		yield await byTarball(registry, tarball);
		yield await byName(registry);
		yield await listed(registry, tarball);
	} finally {
		await registry.stop();
	}
}

/** With the README's command for the tarball of a release. */
async function byTarball(registry: Registry, tarball: string): Promise<Row> {
	const tally = new Tally();
	await withN8n(registry, NO_UNVERIFIED, async (n8n) => {
		const line = /^npm install --prefix ~.*$/m.exec(await readFile(README, 'utf8'))?.[0] ?? '';
		const command = line
			.replace('~', n8n.userFolder)
			.replace(/\.\/\S+\.tgz$/, `./${basename(tarball)}`);
		const options = { cwd: dirname(tarball) };
		const { exitCode, output } = await runCommand('sh', ['-c', command], options);
		tally.expect(line !== '' && exitCode === 0, `'${command}' ended well: ${output}`);
		await n8n.start();
		tally.expect(await hasNodes(n8n), 'a package in the folder loads');
	});
	return tally.row(NEWEST_NAME, "a release's tarball, unverified packages off");
}

/** With 'Install' in the settings. */
async function byName(registry: Registry): Promise<Row> {
	const tally = new Tally();
	await withN8n(registry, NO_UNVERIFIED, async (n8n) => {
		await n8n.start();
		const response = await install(n8n);
		const isRefused = response.includes('unverified community packages is forbidden');
		tally.expect(isRefused, `a refusal, not '${response}'`);
		tally.expect(!(await hasNodes(n8n)), 'nothing installed after the refusal');
		await n8n.restart({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' });
		await install(n8n);
		tally.expect(await hasNodes(n8n), 'installed where unverified packages are allowed');
	});
	return tally.row(NEWEST_NAME, "'Install', unverified packages off and on");
}

/** With the line in the notes of a release. docs/versions.md describes the result. */
async function listed(registry: Registry, tarball: string): Promise<Row> {
	const tally = new Tally();
	const right = await listedPackage(tarball);
	const wrong = { ...right, checksum: `sha512-${Buffer.alloc(64).toString('base64')}` };
	const REINSTALL = { N8N_REINSTALL_MISSING_PACKAGES: 'true' };
	const ALLOW = { N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' };
	await withN8n(registry, NO_UNVERIFIED, async (n8n) => {
		const hasNodesAfter = async (env: NodeJS.ProcessEnv) => {
			await n8n.restart(env);
			return await hasNodes(n8n);
		};
		tally.expect(!(await hasNodesAfter(list(wrong))), 'a wrong checksum is refused');
		tally.expect(await hasNodesAfter(list(right)), 'the package is installed');
		await rm(join(n8n.userFolder, '.n8n', 'nodes'), { recursive: true });
		const again = { ...list(right), ...REINSTALL };
		tally.expect(!(await hasNodesAfter(again)), 'a lost folder is not filled by the list');
		tally.expect(await hasNodesAfter({ ...again, ...ALLOW }), 'a lost folder is filled');
		tally.expect(!(await hasNodesAfter(list())), 'a package that is not listed is uninstalled');
	});
	return tally.row(NEWEST_NAME, 'N8N_COMMUNITY_PACKAGES, unverified packages off');
}

async function withN8n(
	registry: Registry,
	env: NodeJS.ProcessEnv,
	use: (n8n: N8n) => Promise<void>,
): Promise<void> {
	const host = await installHost(NEWEST, console.log);
	const n8n = await N8n.create({ host, env: { ...registry.env, ...env } });
	try {
		await use(n8n);
	} finally {
		await n8n.stop();
	}
}

/** n8n's response. */
async function install(n8n: N8n): Promise<string> {
	const { rest } = n8n.api;
	const request = rest.request('POST', '/rest/community-packages', { name: 'n8n-nodes-bitmind' });
	return await request.then(JSON.stringify, String);
}

async function hasNodes(n8n: N8n): Promise<boolean> {
	const types = await n8n.api.nodeTypes('n8n-nodes-bitmind');
	return NODES.every((name) => types.some((type) => type.name === name));
}

function list(...entries: ListedPackage[]): NodeJS.ProcessEnv {
	return {
		N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'true',
		N8N_COMMUNITY_PACKAGES: JSON.stringify(entries),
	};
}
