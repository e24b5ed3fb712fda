/** `npm run demo`: runs an example in n8n's own engine with the emulator, and prints a table. */
import type { INodeExecutionData, INodeType } from 'n8n-workflow';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { startEmulator } from '../test/support/emulator';
import { startEngine } from '../test/support/engine/engine';
import { readFilesStandIn } from '../test/support/engine/services/readFiles';
import { withCredential, type Credential, type Workflow } from '../test/support/host/workflow';
import { withProjectFolders } from './exampleFolders';

const PROJECT = resolve(__dirname, '..');
const EXAMPLE = join(PROJECT, 'examples', 'check-a-folder.json');

/** The words for the node's field `verdict`. */
const VERDICTS = { ai: 'AI-generated', review: 'needs review', authentic: 'authentic' } as const;
const NOT_CHECKED = 'not checked';

interface Row {
	file: string;
	verdict: string;
	confidence: string;
	/** The request ID, or the reason why there is no verdict. */
	note: string;
}

async function main(): Promise<number> {
	// The paths of the sample media start at the project.
	process.chdir(PROJECT);
	const nodeTypes = await builtNodes();
	const emulator = await startEmulator();
	const engine = await startEngine({
		nodeTypes: { ...nodeTypes, 'n8n-nodes-base.readWriteFile': readFilesStandIn },
	});
	try {
		const credential: Credential = {
			id: 'demo',
			name: 'BitMind emulator',
			type: 'bitMindEnterpriseApi',
			data: { authentication: 'apiKey', apiKey: emulator.apiKey, baseUrl: emulator.url },
		};
		const selector = await selectorOf(process.argv.slice(2));
		const example = await exampleWith(selector);
		console.log(`'${example.name}' in n8n's engine, with the emulator at ${emulator.url}`);
		console.log('(whose verdicts are made up)\n');
		const start = Date.now();
		const result = await engine.run({
			workflow: withCredential(example, credential, Object.keys(nodeTypes)),
			credentials: { [credential.type]: credential.data },
		});
		if (result.error) {
			console.error(`The run failed: ${result.error.message}`);
			return 1;
		}
		const rows = result.itemsOf(result.data.data.resultData.lastNodeExecuted ?? '').map(rowOf);
		if (rows.length === 0) {
			console.error(
				`No file matches '${selector}'. Name a folder, or a pattern in quotation marks:`,
			);
			console.error('  npm run demo -- "path/to/your/pictures/*"');
			return 1;
		}
		console.log(table(rows));
		console.log(summary(rows, emulator.batchRequests.length, Date.now() - start));
		return 0;
	} finally {
		await engine.stop();
		await emulator.close();
	}
}

/** The nodes as n8n loads them: from dist, as package.json lists them. */
async function builtNodes(): Promise<Record<string, INodeType>> {
	const { name, n8n } = JSON.parse(await readFile('package.json', 'utf8')) as {
		name: string;
		n8n: { nodes: string[] };
	};
	const nodeTypes: Record<string, INodeType> = {};
	for (const path of n8n.nodes) {
		const exported = (await import(join(PROJECT, path))) as Record<string, new () => INodeType>;
		const NodeClass = exported[basename(path, '.node.js')];
		if (!NodeClass) throw new Error(`${path} does not export its node`);
		const nodeType = new NodeClass();
		nodeTypes[`${name}.${nodeType.description.name}`] = nodeType;
	}
	return nodeTypes;
}

/** A 'File(s) Selector' for a folder, a pattern, or the files to which a shell has expanded a pattern. */
async function selectorOf(args: readonly string[]): Promise<string | undefined> {
	const [path, ...more] = args;
	if (path === undefined) return undefined;
	if (more.length > 0) return `{${args.join(',')}}`;
	const isFolder = await stat(path).then(
		(found) => found.isDirectory(),
		() => false,
	);
	return isFolder ? join(path, '*') : path;
}

/** @param selector default: the files of the example */
async function exampleWith(selector: string | undefined): Promise<Workflow> {
	const example = JSON.parse(withProjectFolders(await readFile(EXAMPLE, 'utf8'))) as Workflow;
	for (const { type, parameters } of example.nodes) {
		if (type === 'n8n-nodes-base.readWriteFile' && selector) parameters.fileSelector = selector;
		// With a threshold, the node adds 'verdict'.
		if (type.startsWith('n8n-nodes-bitmind.'))
			parameters.options = { reviewFrom: 0.35, aiFrom: 0.65 };
	}
	return example;
}

function rowOf({ json }: INodeExecutionData): Row {
	const { isAI, confidence, verdict, error, bitMind } = json;
	const file = json.fileName as string;
	if (typeof isAI !== 'boolean') {
		const note = typeof error === 'string' ? error : 'neither an image nor a video';
		return { file, verdict: NOT_CHECKED, confidence: '', note };
	}
	const { files } = bitMind as { files: Array<{ requestId?: string }> };
	return {
		file,
		verdict: VERDICTS[verdict as keyof typeof VERDICTS],
		confidence: Number(confidence).toFixed(4),
		note: files[0]?.requestId ?? '',
	};
}

function table(rows: readonly Row[]): string {
	const lines = [
		['File', 'Verdict', 'Confidence', 'Request ID or reason'],
		...rows.map(({ file, verdict, confidence, note }) => [file, verdict, confidence, note]),
	];
	const widths = [0, 1, 2, 3].map((column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	lines.splice(
		1,
		0,
		widths.map((width) => '─'.repeat(width)),
	);
	const format = (line: string[]) =>
		line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
	return lines.map((line) => `  ${format(line).trimEnd()}`).join('\n');
}

function summary(rows: readonly Row[], requests: number, milliseconds: number): string {
	const verdicts = [...Object.values(VERDICTS), NOT_CHECKED].flatMap((verdict) => {
		const count = rows.filter((row) => row.verdict === verdict).length;
		const words = count === 1 ? verdict : verdict.replace(/^needs/, 'need');
		return count > 0 ? [`${count} ${words}`] : [];
	});
	const time = (milliseconds / 1000).toFixed(1);
	return `\n${counted(rows.length, 'file')} in ${counted(requests, 'request')} and ${time} s: ${verdicts.join(', ')}`;
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
