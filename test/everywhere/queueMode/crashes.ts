import type { ExecutionStatus } from 'n8n-workflow';
import { IMAGE } from '../../e2e/bench';
import type { Sample } from '../../support/engine/media';
import { itemsOf as itemsOfRun } from '../../support/host/runOutput';
import { type Cluster, QUEUE_MODE_HOST, type Worker } from './cluster';
import { itemsOf, picturesOf, post } from './posts';
import type { Row } from '../row';
import { Tally } from '../tally';
import { until } from '../until';

const RECOVER_EVERY_6_SECONDS = { N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '0.1' };
const UPLOAD_WITHIN_MS = 60_000;

/** The main process notices the dead worker and ends the execution with an error. The post is repeated. */
export async function workerKilled(cluster: Cluster): Promise<Row> {
	const tally = new Tally();
	const pictures = picturesOf('killed');
	const { worker, executionId, leave } = await postUntilUpload(cluster, pictures);
	worker.kill();
	cluster.bench.emulator.reset();
	await expectEndedWithoutResult(cluster, tally, executionId, 'error');
	leave();
	await cluster.addWorker();
	tally.add(
		await post(cluster.bench, pictures),
		pictures.map(({ verdict }) => verdict),
	);
	return tally.row(QUEUE_MODE_HOST, 'a worker killed, posted again');
}

/** Like a machine that goes down: n8n finds the execution after the restart, and runs it on request. */
export async function allKilled(cluster: Cluster): Promise<Row> {
	const { bench, main } = cluster;
	const tally = new Tally();
	const pictures = picturesOf('crashed');
	const { worker, executionId, leave } = await postUntilUpload(cluster, pictures);
	worker.kill();
	await main.kill();
	leave();
	bench.emulator.reset();
	await main.start(RECOVER_EVERY_6_SECONDS);
	await cluster.addWorker();
	await expectEndedWithoutResult(cluster, tally, executionId, 'crashed');
	const run = await bench.api.waitForExecution(await bench.api.retryExecution(executionId));
	const [item] = itemsOfRun(run, IMAGE);
	tally.add(
		itemsOf(item?.json ?? {}, pictures.length),
		pictures.map(({ verdict }) => verdict),
	);
	return tally.row(QUEUE_MODE_HOST, "main and a worker killed, n8n's retry");
}

interface Upload {
	worker: Worker;
	executionId: string;
	leave: () => void;
}

/** Posts, and returns when a worker waits for a response of the API that doesn't come. */
async function postUntilUpload(
	{ bench, workers }: Cluster,
	pictures: readonly Sample[],
): Promise<Upload> {
	bench.emulator.reset();
	bench.emulator.misbehave(({ moment }) => (moment === 'afterBody' ? { kind: 'hang' } : undefined));
	const before = workers.map(({ started }) => started.length);
	const left = new AbortController();
	post(bench, pictures, left.signal).catch(() => {});
	const leave = () => left.abort();
	return await until('a worker waits for the API', UPLOAD_WITHIN_MS, () => {
		if (bench.emulator.inFlight === 0) return undefined;
		const worker = workers.find(({ started }, index) => started.length > before[index]!);
		const executionId = worker?.started.at(-1);
		return worker && executionId ? { worker, executionId, leave } : undefined;
	});
}

async function expectEndedWithoutResult(
	{ bench }: Cluster,
	tally: Tally,
	executionId: string,
	status: ExecutionStatus,
): Promise<void> {
	const run = await bench.api.waitForExecution(executionId);
	tally.expect(run.status === status, `${status}, not ${run.status}`);
	tally.expect(itemsOfRun(run, IMAGE).length === 0, 'nothing half-reported');
}
