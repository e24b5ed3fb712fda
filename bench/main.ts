/**
 * `npm run bench [part of a load's name]`: prints a table for each load. `BENCH_RUNS` is the number of
 * runs (5).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../test/support/host/command';
import { installHost } from '../test/support/host/install/install';
import { N8n } from '../test/support/host/n8n';
import { installPackage, packProject } from '../test/support/host/install/pack';
import { LOADS, makeFiles, type Load } from './loads';
import { Sink } from './sink';
import { BASELINE, SUBJECTS, type Measured, type Setting, type Subject } from './subjects';
import { median, printTable, type Row } from './table';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const HOST_VERSION = '2.41.1';

async function main(): Promise<void> {
	const host = await installHost(HOST_VERSION, console.error);
	const scratch = await mkdtemp(join(tmpdir(), 'bitmind-bench-'));
	const sink = await Sink.start();
	const n8n = await N8n.create({
		host,
		readableFolders: [scratch],
		nodeArgs: ['--require', join(__dirname, 'probe.cjs')],
	});
	try {
		await installPackage(await packProject(), n8n.userFolder);
		const wanted = process.argv[2] ?? '';
		console.log(
			`n8n ${HOST_VERSION}, ${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB; median of ${RUNS}\n`,
		);
		for (const [index, load] of LOADS.entries()) {
			if (load.name.includes(wanted)) await measure(load, index, { sink, n8n, scratch });
		}
	} finally {
		sink.stop();
		await n8n.stop();
		await rm(scratch, { recursive: true, force: true });
	}
}

interface Place {
	sink: Sink;
	n8n: N8n;
	scratch: string;
}

async function measure(load: Load, index: number, { sink, n8n, scratch }: Place): Promise<void> {
	const folder = join(scratch, `load-${index}`);
	const paths = await makeFiles(load, folder);
	// Pending writes to the disk would slow down the first subject.
	await runCommand('sync', []);
	const { batch, milliseconds, millisecondsPerFile } = load;
	const url = `http://127.0.0.1:${sink.port}/${batch}/${milliseconds}/${millisecondsPerFile}/`;
	const credential = { id: `bench${index}`, name: 'Bench' };
	const data = { authentication: 'apiKey', apiKey: 'bench', baseUrl: url };
	await n8n.importCredentials([{ ...credential, type: 'bitMindEnterpriseApi', data }]);
	const setting: Setting = { load, url, paths, folder, scratch, n8n, credential };
	for (const { prepare } of SUBJECTS) await prepare?.(setting);

	const measured = new Map<Subject, Measured[]>(SUBJECTS.map((subject) => [subject, []]));
	const requests = new Map<Subject, number>();
	for (let run = 0; run < RUNS; run++) {
		// Forwards and backwards in turn, so that a drift of the machine affects all subjects equally.
		for (const subject of run % 2 ? [...SUBJECTS].reverse() : SUBJECTS) {
			await sink.received();
			const result = await subject.run(setting, false);
			measured.get(subject)?.push(result);
			requests.set(subject, (await sink.received()).requests);
			console.error(
				`  ${load.name}, run ${run + 1}, ${subject.name}: ${Math.round(result.milliseconds)} ms`,
			);
		}
	}
	const openFiles = new Map<Subject, number>();
	for (const subject of SUBJECTS.filter(({ isInN8n }) => isInN8n)) {
		openFiles.set(subject, (await subject.run(setting, true)).openFiles ?? 0);
	}
	printTable(load, rows(measured, requests, openFiles));
	await rm(folder, { recursive: true });
}

function rows(
	measured: ReadonlyMap<Subject, Measured[]>,
	requests: ReadonlyMap<Subject, number>,
	openFiles: ReadonlyMap<Subject, number>,
): Row[] {
	const of = (subject: Subject, field: keyof Measured) =>
		median((measured.get(subject) ?? []).map((one) => one[field] ?? 0));
	const without = SUBJECTS.find(({ name }) => name === BASELINE) as Subject;
	const curl = SUBJECTS.find(({ name }) => name === 'curl') as Subject;
	return SUBJECTS.filter((subject) => subject !== without).map((subject) => ({
		name: subject.name,
		requests: requests.get(subject) ?? 0,
		milliseconds: of(subject, 'milliseconds'),
		ratioToCurl: of(subject, 'milliseconds') / of(curl, 'milliseconds'),
		...(subject.isInN8n && {
			megabytes: of(subject, 'peakMegabytes') - of(without, 'peakMegabytes'),
			gcMilliseconds: of(subject, 'gcMilliseconds') - of(without, 'gcMilliseconds'),
			openFiles: openFiles.get(subject),
		}),
	}));
}

void main();
