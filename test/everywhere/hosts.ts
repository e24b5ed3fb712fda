import { isDeepStrictEqual } from 'node:util';
import type { HostVersion } from '../support/host/install';
import { withInstallation } from './installation';
import type { Row } from './row';
import { Tally } from './tally';
import { runWorkloads } from './workloads';

export const OLDEST: HostVersion = '2.8.4';
export const NEWEST: HostVersion = '2.41.1';
export const HOST_NAMES: Record<HostVersion, string> = {
	'2.8.4': 'n8n 2.8.4, Node 20',
	'2.41.1': 'n8n 2.41.1, Node 24',
};

/** The same tarball, the same workflows, the same results. */
export async function* hosts(): AsyncGenerator<Row> {
	const outputs: unknown[] = [];
	for (const version of [OLDEST, NEWEST]) {
		const tally = new Tally();
		outputs.push(
			await withInstallation({ version }, async ({ bench }) => await runWorkloads(bench, tally)),
		);
		if (outputs.length === 2) {
			tally.expect(isDeepStrictEqual(outputs[0], outputs[1]), 'the same results on both hosts');
		}
		yield tally.row(HOST_NAMES[version], 'one process');
	}
}
