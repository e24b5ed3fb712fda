import { IMAGE, readFiles, startNode } from '../../e2e/bench';
import { images } from '../../support/engine/media';
import { chain } from '../../support/engine/workflows';
import { itemsOf } from '../../support/host/runOutput';
import { type Cluster, QUEUE_MODE_HOST } from './cluster';
import type { Row } from '../row';
import { Tally } from '../tally';

/** Manual executions run on a worker: optionally in n8n 2, always from n8n 3.0 on. */
export async function manualRunsOnWorkers({ bench, main, workers }: Cluster): Promise<Row> {
	const tally = new Tally();
	await main.restart({ OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' });
	const started = () => workers.reduce((sum, worker) => sum + worker.started.length, 0);
	const before = started();
	const samples = images(60, 'manual');
	const workflow = chain([startNode(), readFiles(await bench.write(samples)), bench.imageNode()]);
	const id = await bench.api.createWorkflow({ name: 'By hand', ...workflow });
	const run = await bench.api.runWorkflow(id, 'Start');
	tally.add(
		itemsOf(run, IMAGE),
		samples.map(({ verdict }) => verdict),
	);
	tally.expect(started() === before + 1, 'the execution on a worker');
	return tally.row(QUEUE_MODE_HOST, 'by hand, on a worker');
}
