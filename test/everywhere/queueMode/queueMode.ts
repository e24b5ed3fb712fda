import { Cluster, QUEUE_MODE_HOST } from './cluster';
import { allKilled, workerKilled } from './crashes';
import { NEWEST } from '../hosts';
import { ledgerOnEveryWorker } from './ledger';
import { difference, growth, leftoversOf } from '../longLived/leftovers';
import { manualRunsOnWorkers } from './manualRuns';
import { picturesOf, post, publishWebhook } from './posts';
import type { Row } from '../row';
import { bySchedule } from './schedule';
import { Tally } from '../tally';

const EXECUTIONS = 200;
const WARM_UP = 40;
const AT_ONCE = 4;
/** If the images of 60 executions were kept, they would take 170 MB. */
const MAX_MEGABYTES = 20;

/** A main process, two workers, Redis and PostgreSQL, files in the database. */
export async function* queueMode(): AsyncGenerator<Row> {
	const cluster = await Cluster.start(NEWEST);
	try {
		await publishWebhook(cluster.bench);
		yield await byWebhook(cluster);
		yield await bySchedule(cluster);
		yield await ledgerOnEveryWorker(cluster);
		yield await underRateLimit(cluster);
		yield await workerKilled(cluster);
		yield await allKilled(cluster);
		yield await manualRunsOnWorkers(cluster);
	} finally {
		await cluster.stop();
	}
}

async function byWebhook(cluster: Cluster): Promise<Row> {
	const { bench, workers } = cluster;
	const tally = new Tally();
	const leftovers = () => Promise.all(workers.map(({ pid }) => leftoversOf(pid, cluster.probe)));
	await postMany(cluster, tally, 0, WARM_UP);
	const before = await leftovers();
	await postMany(cluster, tally, WARM_UP, EXECUTIONS);
	const after = await leftovers();
	const notes = workers.map((worker, index) => {
		const [earlier, later] = [before[index]!, after[index]!];
		for (const grown of growth(earlier, later, MAX_MEGABYTES)) {
			tally.problems.push(`${worker.name}: ${grown}`);
		}
		return `${worker.name}: ${worker.started.length} executions, ${difference(earlier, later)}`;
	});
	expectBothWorked(cluster, tally);
	tally.expect(bench.emulator.openConnections === 0, 'no connection left open');
	return tally.row(QUEUE_MODE_HOST, 'by webhook, four at a time', notes.join('; '));
}

async function postMany({ bench }: Cluster, tally: Tally, from: number, to: number): Promise<void> {
	let next = from;
	const work = async () => {
		for (let number = next++; number < to; number = next++) {
			const pictures = picturesOf(number);
			const items = await post(bench, pictures);
			tally.add(
				items,
				pictures.map(({ verdict }) => verdict),
			);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function expectBothWorked({ workers }: Cluster, tally: Tally): void {
	for (const worker of workers) {
		tally.expect(worker.started.length > 0, `${worker.name} has worked`);
	}
}

/** After a 429 with Retry-After, all workers together send less than before. */
async function underRateLimit({ bench }: Cluster): Promise<Row> {
	const { emulator } = bench;
	const tally = new Tally();
	emulator.reset();
	const limitedFrom = Date.now() + 6_000;
	const limitedTo = limitedFrom + 5_000;
	emulator.misbehave(({ moment }) => {
		const left = Math.ceil((limitedTo - Date.now()) / 1_000);
		const isLimited = moment === 'beforeBody' && Date.now() >= limitedFrom && left > 0;
		const headers = { 'Retry-After': String(left) };
		return isLimited ? { kind: 'status', status: 429, headers } : undefined;
	});
	let next = 0;
	const work = async () => {
		while (Date.now() < limitedTo + 3_000) {
			const pictures = picturesOf(`limited ${next++}`);
			tally.add(
				await post(bench, pictures),
				pictures.map(({ verdict }) => verdict),
			);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	const count = (from: number, to: number) =>
		emulator.batchRequests.filter(({ startedAt }) => startedAt >= from && startedAt < to).length;
	const before = count(limitedFrom - 5_000, limitedFrom);
	const during = count(limitedFrom, limitedTo);
	emulator.misbehave(undefined);
	tally.expect(during < before / 2, `${before} requests before the 429, ${during} after it`);
	return tally.row(
		QUEUE_MODE_HOST,
		'a 429 with Retry-After',
		`${before} requests in 5 s, then ${during}`,
	);
}
