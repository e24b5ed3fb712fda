import type { IDataObject } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExampleBench, type ImportedExample } from '../../e2e/examples/exampleBench';
import { images, videos, type Sample } from '../../support/engine/media';
import { type Cluster, QUEUE_MODE_HOST } from './cluster';
import type { Row } from '../row';
import { Tally } from '../tally';

const PATH = 'ledger';
const NEW_EACH_TIME = 5;
const MIN_RUNS = 12;
/** Redis gives a job to the first free worker. */
const MAX_RUNS = 60;

/** The example with the ledger: no worker sends a file again that has a verdict. */
export async function ledgerOnEveryWorker({ bench, workers }: Cluster): Promise<Row> {
	const tally = new Tally();
	bench.emulator.reset();
	const example = new ExampleBench(bench, 'ledger-of-verdicts.json');
	await example.newFolder();
	await example.publish(await example.import(byWebhook));
	const before = workers.map(({ started }) => started.length);
	const haveBothWorked = () => workers.every(({ started }, n) => started.length > before[n]!);
	const samples: Sample[] = [...videos(NEW_EACH_TIME, 'ledger')];
	await example.write(samples);
	for (let run = 0; run < MIN_RUNS || (run < MAX_RUNS && !haveBothWorked()); run++) {
		const added = images(NEW_EACH_TIME, `ledger ${run}`).map((sample) => ({
			...sample,
			fileName: `${run}-${sample.fileName}`,
		}));
		await example.write(added);
		samples.push(...added);
		const rows = await ask(`${bench.shared.url}/webhook/${PATH}`);
		const byFile = new Map(rows.map((row) => [row.file, row]));
		tally.add(
			samples.map(({ fileName }) => ({ json: byFile.get(fileName) ?? {} })),
			samples.map(({ verdict }) => verdict),
		);
	}
	await example.unpublishAll();
	const sent = bench.emulator.batchRequests.flatMap(({ files }) => files);
	tally.expect(haveBothWorked(), 'both workers have worked');
	tally.expect(sent.length === samples.length, `${sent.length} files sent of ${samples.length}`);
	const note = `${samples.length} files sent once, ${bench.emulator.batchRequests.length} requests`;
	return tally.row(QUEUE_MODE_HOST, 'a ledger in a data table', note);
}

/** Replaces the schedule, so that each run starts after the last one has ended. */
function byWebhook({ workflow }: ImportedExample): void {
	const trigger = workflow.nodes.find(({ name }) => name === 'Every Hour');
	Object.assign(trigger ?? {}, {
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: 'bitmind-ledger',
		parameters: { path: PATH, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
	});
}

/** The rows of the last node. */
async function ask(url: string): Promise<IDataObject[]> {
	for (let tries = 0; tries < 50; tries++) {
		const response = await fetch(url);
		// The workflow was published a moment ago.
		if (response.status !== 404) return (await response.json()) as IDataObject[];
		await sleep(200);
	}
	return [];
}
