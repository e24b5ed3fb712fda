import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGE, readFiles, startNode, type Bench } from '../../e2e/bench';
import { images } from '../../support/engine/media';
import { chain } from '../../support/engine/workflows';
import { itemsOf } from '../../support/host/runOutput';
import { keyAndCertificate, twoClients } from './credentials';
import { NEWEST, NEWEST_NAME } from '../hosts';
import { withInstallation } from '../installation';
import { difference, growth, leftoversOf, PROBE_ARGS } from './leftovers';
import type { Row } from '../row';
import { remembering } from '../queueMode/schedule';
import { Tally } from '../tally';

const EXECUTIONS = 1_000;
/** Executions until caches and compiled code no longer change. */
const WARM_UP = 200;
const AT_ONCE = 4;
/** If one file per execution were kept, it would take 40 MB. */
const MAX_MEGABYTES = 10;

export async function* longLived(): AsyncGenerator<Row> {
	yield await manyExecutions();
	yield await keyAndCertificate();
	yield await twoClients();
	yield await remembering();
}

async function manyExecutions(): Promise<Row> {
	const tally = new Tally();
	let note = '';
	await withProbe(async (bench, leftovers) => {
		const samples = images(20);
		const expected = samples.map(({ verdict }) => verdict);
		const id = await createWorkflow(bench, await bench.write(samples));
		const run = async (count: number) => {
			for (let left = count; left > 0; left -= AT_ONCE) {
				await Promise.all(
					Array.from({ length: AT_ONCE }, async () => {
						const run = await bench.api.runWorkflow(id, 'Start');
						tally.add(itemsOf(run, IMAGE), expected);
					}),
				);
				bench.emulator.reset();
			}
		};
		await run(WARM_UP);
		const before = await leftovers();
		await run(EXECUTIONS - WARM_UP);
		const after = await leftovers();
		tally.problems.push(...growth(before, after, MAX_MEGABYTES));
		note = difference(before, after);
		tally.expect(bench.emulator.openConnections === 0, 'no connection left open');
	});
	return tally.row(NEWEST_NAME, `${EXECUTIONS} executions in one process`, note);
}

async function withProbe(
	use: (bench: Bench, leftovers: () => ReturnType<typeof leftoversOf>) => Promise<void>,
): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-probe-'));
	const file = join(folder, 'probe');
	const env = {
		BITMIND_PROBE: file,
		// A thousand executions don't need to be saved.
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
	};
	const options = { version: NEWEST, env, nodeArgs: PROBE_ARGS };
	try {
		await withInstallation(options, async ({ n8n, bench }) => {
			await use(bench, () => leftoversOf(n8n.pid, file));
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function createWorkflow(bench: Bench, files: string): Promise<string> {
	const detect = bench.imageNode({ options: { batchSize: 10 } });
	const workflow = chain([startNode(), readFiles(files), detect]);
	return await bench.api.createWorkflow({ name: 'Long-lived', ...workflow });
}
