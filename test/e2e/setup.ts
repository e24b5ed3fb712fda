import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installHost, type HostVersion } from '../support/host/install/install';
import { N8n } from '../support/host/n8n';
import { installPackage, packProject } from '../support/host/install/pack';

export const HOST_VERSION = (process.env.BITMIND_HOST ?? '2.41.1') as HostVersion;

/** What the test files need. They don't share modules with this one. */
export interface Shared {
	hostVersion: HostVersion;
	url: string;
	/** Of the n8n that runs. */
	userFolder: string;
	/** The folder from which n8n may read files. */
	filesFolder: string;
	tarball: string;
}

export interface Started {
	n8n: N8n;
	filesFolder: string;
}

/** Starts n8n with the packed package, once for all test files. */
export default async function setUp(): Promise<void> {
	const host = await installHost(HOST_VERSION, console.log);
	const tarball = await packProject();
	const filesFolder = await mkdtemp(join(tmpdir(), 'bitmind-e2e-files-'));
	const n8n = await N8n.create({ host, readableFolders: [filesFolder] });
	await installPackage(tarball, n8n.userFolder);
	await n8n.start();
	const { url, userFolder } = n8n;
	const hostVersion = HOST_VERSION;
	const shared: Shared = { hostVersion, url, userFolder, filesFolder, tarball };
	process.env.BITMIND_E2E = JSON.stringify(shared);
	Object.assign(globalThis, { bitMindE2e: { n8n, filesFolder } satisfies Started });
}
