import { readFiles, type Bench } from '../../e2e/bench';
import { images } from '../../support/engine/media';
import { findNginx, startNginx, type NginxLimit } from '../../support/host/nginx';
import { NEWEST, NEWEST_NAME } from '../hosts';
import { withInstallation } from '../installation';
import { brokenRow, type Row } from '../row';
import { Tally } from '../tally';

const BATCHES = 60;
const PER_SECOND = 3;

interface Limit extends Omit<NginxLimit, 'rate'> {
	/** The requests above the rate that nginx accepts at first. */
	burst?: number;
	concurrency?: number;
	/** Executions at the same time. */
	runs?: number;
}

const LIMITS: Limit[] = [
	{},
	{ status: 429 },
	{ limit: 'burst=5 nodelay', burst: 5, status: 429 },
	{ limit: 'burst=5', burst: 5, concurrency: 20 },
	{ limit: 'burst=20 nodelay', burst: 20, concurrency: 5 },
	{ limit: 'burst=5 nodelay', burst: 5, status: 429, runs: 2 },
	{ status: 429, runs: 3 },
];

/** nginx's unannounced `limit_req` in front of the API must not cost any verdicts. */
export async function* rateLimits(): AsyncGenerator<Row> {
	let nginx: string;
	try {
		nginx = await findNginx(console.log);
	} catch (error) {
		// Nothing else needs nginx, and not every machine can install it.
		const [reason] = String(error).split('\n');
		yield new Tally().row(NEWEST_NAME, `nginx: not tried, because of ${reason}`);
		return;
	}
	yield* await withInstallation({ version: NEWEST }, async ({ bench }) => {
		const rows: Row[] = [];
		for (const limit of LIMITS) rows.push(await tryLimit(bench, nginx, limit));
		return rows;
	});
}

async function tryLimit(bench: Bench, program: string, limit: Limit): Promise<Row> {
	const { concurrency, burst = 0, runs = 1, ...nginxLimit } = limit;
	const said = [nginxLimit.limit, nginxLimit.status].filter(Boolean).join(' ');
	const name = `nginx: ${PER_SECOND}r/s ${said}${runs > 1 ? `, ${runs} executions` : ''}`;
	const rate = `${PER_SECOND}r/s`;
	const nginx = await startNginx(program, bench.emulator.url, { rate, ...nginxLimit });
	try {
		bench.emulator.reset();
		const { apiKey } = bench.emulator;
		const baseUrl = `http://127.0.0.1:${nginx.port}`;
		bench.credential = await bench.createCredential({ authentication: 'apiKey', apiKey, baseUrl });
		const samples = images(BATCHES, name);
		const pattern = await bench.write(samples);
		const detect = bench.imageNode({
			options: { batchSize: 1, ...(concurrency && { concurrency }) },
		});

		const tally = new Tally();
		const execute = async () => await bench.run([readFiles(pattern), detect]);
		const results = await Promise.all(Array.from({ length: runs }, execute));
		const expected = samples.map(({ verdict }) => verdict);
		for (const { items } of results) tally.add(items, expected);
		const passed = bench.emulator.batchRequests.length;
		const batches = BATCHES * runs;
		tally.expect(passed === batches, `${passed} requests let through for ${batches} batches`);
		const { seconds } = tally.row('', '');
		const shortest = (batches - burst) / PER_SECOND;
		tally.expect(seconds > 0.9 * shortest, 'a limit that has an effect');
		return tally.row(NEWEST_NAME, name, `${(seconds / shortest).toFixed(2)}x of the limit's time`);
	} catch (error) {
		return brokenRow(name, error, NEWEST_NAME);
	} finally {
		await nginx.stop();
	}
}
