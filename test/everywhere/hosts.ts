import { isDeepStrictEqual } from 'node:util';
import { INSTALLED_NODE, type HostNode, type HostVersion } from '../support/host/install/install';
import { withInstallation } from './installation';
import type { Row } from './row';
import { Tally } from './tally';
import { runWorkloads } from './workloads';

export interface Platform {
	version: HostVersion;
	node: HostNode;
}

/** The oldest and the newest supported version, on each Node that they run on, and one in between. */
export const PLATFORMS: readonly Platform[] = [
	{ version: '1.123.81', node: 'callers' },
	{ version: '1.123.81', node: 'installed' },
	{ version: '2.8.4', node: 'callers' },
	{ version: '2.41.1', node: 'installed' },
];
export const NEWEST: HostVersion = '2.41.1';
export const NEWEST_NAME = nameOf({ version: NEWEST, node: 'installed' });

export function nameOf({ version, node }: Platform): string {
	const major = node === 'installed' ? INSTALLED_NODE : process.versions.node.split('.', 1)[0];
	return `n8n ${version}, Node ${major}`;
}

/** The same tarball and the same workflows must give the same results. */
export async function* hosts(): AsyncGenerator<Row> {
	let first: unknown;
	for (const platform of PLATFORMS) {
		const tally = new Tally();
		const output = await withInstallation(platform, async ({ bench }) => {
			return await runWorkloads(bench, tally);
		});
		first ??= output;
		tally.expect(isDeepStrictEqual(output, first), 'the same results on all hosts');
		yield tally.row(nameOf(platform), 'one process');
	}
}
