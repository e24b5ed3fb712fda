import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';
import { chain, node, type WorkflowJson } from '../test/support/engine/workflows';
import { runCommand } from '../test/support/host/command';
import type { N8n } from '../test/support/host/n8n';
import type { Load } from './loads';
import { OpenFiles } from './openFiles';

/** The result of one run of a subject. Memory and garbage collection are those of the whole process. */
export interface Measured {
	milliseconds: number;
	peakMegabytes?: number;
	gcMilliseconds?: number;
	openFiles?: number;
}

export interface Setting {
	load: Load;
	/** The address of the server, with a slash at its end. */
	url: string;
	paths: string[];
	folder: string;
	/** For the arguments of curl, because some shells accept fewer than two thousand. */
	scratch: string;
	n8n: N8n;
	credential: { id: string; name: string };
}

export interface Subject {
	name: string;
	isInN8n: boolean;
	/** Written once per load. */
	prepare?: (setting: Setting) => Promise<void>;
	run: (setting: Setting, countsOpenFiles: boolean) => Promise<Measured>;
}

const UPLOADER = 'Uploader';
/**
 * The rest before each upload, until n8n's task runner has started and the disk has written everything,
 * because neither belongs to the upload. A machine at rest takes longer to start, so all subjects rest.
 */
const SETTLING_SECONDS = 10;

/** What n8n needs for as many items, in a node that uploads nothing. */
export const BASELINE = "n8n's Edit Fields node, without an upload";

export const SUBJECTS: readonly Subject[] = [
	{ name: 'this node', isInN8n: true, ...inN8n('node', detectNode) },
	{ name: "n8n's HTTP Request node", isInN8n: true, ...inN8n('http', httpRequestNode) },
	{ name: BASELINE, isInN8n: true, ...inN8n('none', editFieldsNode) },
	{ name: 'curl', isInN8n: false, prepare: writeCurlConfig, run: runCurl },
	{ name: 'bare undici, reused buffers', isInN8n: false, run: runBare },
];

function inN8n(id: string, uploader: (setting: Setting) => INode) {
	const idOf = ({ load }: Setting) => `${id}${load.files}x${load.bytes}`.slice(0, 16);
	return {
		async prepare(setting: Setting): Promise<void> {
			const workflow = workflowOf(setting, uploader(setting));
			await setting.n8n.importWorkflows([{ id: idOf(setting), name: id, ...workflow }]);
		},
		async run(setting: Setting, countsOpenFiles: boolean): Promise<Measured> {
			const { n8n, scratch } = setting;
			const probe = join(scratch, 'probe.json');
			const storage = join(n8n.userFolder, '.n8n', 'storage');
			const { mode } = setting.load;
			if (mode === 'database') await emptyDatabase(setting);
			let pid: number | undefined;
			const watch = countsOpenFiles ? new OpenFiles(() => pid, storage) : undefined;
			const { run, output } = await n8n.execute(
				idOf(setting),
				{
					BITMIND_BENCH_PROBE: probe,
					N8N_DEFAULT_BINARY_DATA_MODE: mode,
					N8N_AVAILABLE_BINARY_DATA_MODES: mode,
				},
				(started) => (pid = started),
			);
			const openFiles = await watch?.stop();
			const task = run?.data.resultData.runData[UPLOADER]?.[0];
			if (!run || run.data.resultData.error) throw new Error(output.slice(-2_000));
			const inProcess = JSON.parse(await readFile(probe, 'utf8')) as Measured;
			// Files that n8n stored for this run would fill the disk.
			await rm(storage, { recursive: true, force: true });
			return { ...inProcess, milliseconds: task?.executionTime ?? 0, openFiles };
		},
	};
}

function workflowOf({ folder }: Setting, uploader: INode): WorkflowJson {
	return chain([
		node('n8n-nodes-base.manualTrigger', 'Start'),
		node(
			'n8n-nodes-base.readWriteFile',
			'Read Files',
			{ fileSelector: join(folder, '*'), options: {} },
			{ typeVersion: 1.1 },
		),
		node(
			'n8n-nodes-base.wait',
			'Wait',
			{ amount: SETTLING_SECONDS, unit: 'seconds' },
			{ typeVersion: 1.1 },
		),
		uploader,
	]);
}

function detectNode({ load, credential }: Setting): INode {
	const type = load.kind === 'image' ? 'batchImageDetect' : 'batchVideoDetect';
	return node(
		`n8n-nodes-bitmind.${type}`,
		UPLOADER,
		{ options: { batchSize: load.batch, concurrency: load.concurrency } },
		{ credentials: { bitMindEnterpriseApi: credential } },
	);
}

function httpRequestNode({ load, url }: Setting): INode {
	const parameters = {
		method: 'POST',
		url: `${url.replace(`/${load.batch}/`, '/1/')}${load.kind}`,
		sendBody: true,
		contentType: 'multipart-form-data',
		bodyParameters: {
			parameters: [
				{ parameterType: 'formBinaryData', name: load.kind, inputDataFieldName: 'data' },
			],
		},
		options: {},
	};
	return node('n8n-nodes-base.httpRequest', UPLOADER, parameters, { typeVersion: 4.2 });
}

function editFieldsNode(): INode {
	const assignments = [
		{ id: 'isAI', name: 'isAI', type: 'boolean', value: true },
		{ id: 'confidence', name: 'confidence', type: 'number', value: 0.5 },
	];
	const parameters = { assignments: { assignments }, includeOtherFields: true, options: {} };
	return node('n8n-nodes-base.set', UPLOADER, parameters, { typeVersion: 3.4 });
}

const databaseOf = (n8n: N8n) => join(n8n.userFolder, '.n8n', 'database.sqlite');

/** The bare script sends what the last run has left there, and nothing else. */
async function emptyDatabase({ n8n }: Setting): Promise<void> {
	const script = join(__dirname, 'database.cjs');
	const { exitCode, output } = await runCommand(n8n.node, [script, databaseOf(n8n)]);
	if (exitCode !== 0) throw new Error(`The database can't be emptied: ${output.slice(-500)}`);
}

const curlConfig = ({ scratch }: Setting) => join(scratch, 'curl.txt');

async function writeCurlConfig(setting: Setting): Promise<void> {
	const { load, url, paths } = setting;
	const requests: string[] = [];
	for (let at = 0; at < paths.length; at += load.batch) {
		const parts = paths.slice(at, at + load.batch).map((path) => `form = "${load.kind}s=@${path}"`);
		requests.push(
			[`url = "${url}batch_${load.kind}"`, 'output = /dev/null', 'fail', ...parts].join('\n'),
		);
	}
	await writeFile(curlConfig(setting), requests.join('\nnext\n'));
}

async function runCurl(setting: Setting): Promise<Measured> {
	const { concurrency } = setting.load;
	const parallel = concurrency > 1 ? ['--parallel', '--parallel-max', String(concurrency)] : [];
	const args = ['--silent', ...parallel, '--config', curlConfig(setting)];
	await sleep(SETTLING_SECONDS * 1_000);
	const start = performance.now();
	const { exitCode, output } = await runCommand('curl', args);
	const milliseconds = performance.now() - start;
	if (exitCode !== 0) throw new Error(`curl ended with ${exitCode}: ${output.slice(-500)}`);
	return { milliseconds };
}

async function runBare({ load, url, paths, n8n }: Setting): Promise<Measured> {
	const script = join(__dirname, 'bareUpload.mts');
	const { kind, batch, concurrency } = load;
	const args = [`${url}batch_${kind}`, `${kind}s`, String(batch), String(concurrency)];
	if (load.mode === 'database') args.push('--database', databaseOf(n8n));
	else args.push(...paths);
	await sleep(SETTLING_SECONDS * 1_000);
	// n8n's own Node runs TypeScript.
	const { exitCode, stdout, output } = await runCommand(n8n.node, [script, ...args]);
	if (exitCode !== 0)
		throw new Error(`The bare upload ended with ${exitCode}: ${output.slice(-500)}`);
	return { milliseconds: Number(stdout.trim()) };
}
