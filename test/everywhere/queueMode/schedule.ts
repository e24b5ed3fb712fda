import type { INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';
import { IMAGE, readFiles, type Bench } from '../../e2e/bench';
import { images, type Sample } from '../../support/engine/media';
import { chain, node } from '../../support/engine/workflows';
import { itemsOf } from '../../support/host/runOutput';
import { type Cluster, QUEUE_MODE_HOST } from './cluster';
import { NEWEST, NEWEST_NAME } from '../hosts';
import { withInstallation } from '../installation';
import type { Row } from '../row';
import { Tally } from '../tally';

const SECONDS = 20;
/** A slow machine may miss half of them. */
const MIN_EXECUTIONS = SECONDS / 2;

export async function bySchedule({ bench, workers }: Cluster): Promise<Row> {
	const tally = new Tally();
	const before = workers.map(({ started }) => started.length);
	await runEachSecond(bench, tally, images(60, 'schedule'));
	workers.forEach(({ name, started }, index) => {
		tally.expect(started.length > before[index]!, `${name} has worked`);
	});
	return tally.row(QUEUE_MODE_HOST, 'by schedule');
}

/**
 * Files with a verdict from one execution are not sent by the next ones. In one process: n8n 2.41.1
 * doesn't pass a workflow's memory to the workers of queue mode.
 */
export async function remembering(): Promise<Row> {
	const tally = new Tally();
	let note = '';
	await withInstallation({ version: NEWEST }, async ({ bench }) => {
		const parameters = { options: { rememberDays: 1 } };
		const runs = await runEachSecond(bench, tally, images(60, 'remembered'), parameters);
		// The first ones may overlap: n8n stores the memory when an execution ends.
		const later = runs.slice(runs.length / 2).flatMap((run) => itemsOf(run, IMAGE));
		const sentAgain = later.filter((item) => !isReused(item)).length;
		tally.expect(sentAgain === 0, `${sentAgain} of ${later.length} later files sent again`);
		note = `${bench.emulator.batchRequests.length} requests`;
	});
	return tally.row(NEWEST_NAME, 'by schedule, verdicts remembered', note);
}

function isReused({ json }: INodeExecutionData): boolean {
	const { files = [] } = (json.bitMind ?? {}) as { files?: Array<{ reused?: true }> };
	return files.length > 0 && files.every(({ reused }) => reused);
}

/** Lets a schedule start a workflow for a while. Returns the executions, earliest first. */
async function runEachSecond(
	bench: Bench,
	tally: Tally,
	samples: readonly Sample[],
	parameters?: INodeParameters,
): Promise<IRun[]> {
	const schedule = node(
		'n8n-nodes-base.scheduleTrigger',
		'Every Second',
		{ rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } },
		{ typeVersion: 1.2 },
	);
	const nodes = [schedule, readFiles(await bench.write(samples)), bench.imageNode(parameters)];
	const id = await bench.api.createWorkflow({ name: 'By schedule', ...chain(nodes) });
	await bench.api.publish(id);
	await sleep(SECONDS * 1_000);
	await bench.api.unpublish(id);
	await sleep(3_000);
	const ids = await bench.api.executionsOf(id);
	tally.expect(ids.length >= MIN_EXECUTIONS, `${ids.length} executions in ${SECONDS} seconds`);
	const runs: IRun[] = [];
	for (const executionId of ids) {
		const run = await bench.api.waitForExecution(executionId);
		tally.add(
			itemsOf(run, IMAGE),
			samples.map(({ verdict }) => verdict),
		);
		runs.push(run);
	}
	return runs;
}
