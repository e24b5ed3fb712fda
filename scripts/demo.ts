/** `npm run demo`: the example workflow in n8n's own engine, against the emulator, as a table. */
import type { INodeExecutionData, INodeType } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { startEmulator } from '../test/support/emulator';
import { startEngine } from '../test/support/engine/engine';
import { readFilesStandIn } from '../test/support/engine/services/readFiles';
import { withCredential, type Credential, type Workflow } from '../test/support/host/workflow';
import { withProjectFolders } from './exampleFolders';

const PROJECT = resolve(__dirname, '..');
const EXAMPLE = join(PROJECT, 'examples', 'check-a-folder.json');

interface Row {
	file: string;
	/** Undefined: none. */
	isAI: boolean | undefined;
	verdict: string;
	confidence: string;
	requestId: string;
}

async function main(): Promise<number> {
	// The sample media are named by a path below the project.
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
		const example = await exampleWith(process.argv[2]);
		console.log(`'${example.name}' in n8n's engine, against the emulator at ${emulator.url}`);
		console.log('(which makes its verdicts up from the bytes of each file)\n');
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
		console.log(table(rows));
		console.log(summary(rows, emulator.batchRequests.length, Date.now() - start));
		return rows.length > 0 && rows.every(({ isAI }) => isAI !== undefined) ? 0 : 1;
	} finally {
		await engine.stop();
		await emulator.close();
	}
}

/** The nodes as n8n loads them: from dist, by what package.json names. */
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

/** @param selector other files than the example's, as the node's 'File(s) Selector' takes them */
async function exampleWith(selector: string | undefined): Promise<Workflow> {
	const example = JSON.parse(withProjectFolders(await readFile(EXAMPLE, 'utf8'))) as Workflow;
	const reader = example.nodes.find(({ type }) => type === 'n8n-nodes-base.readWriteFile');
	if (selector && reader) reader.parameters.fileSelector = selector;
	return example;
}

function rowOf({ json }: INodeExecutionData): Row {
	const file = json.fileName as string;
	const { isAI, confidence, bitMind } = json;
	if (typeof isAI !== 'boolean') {
		return { file, isAI: undefined, verdict: 'no verdict', confidence: '', requestId: '' };
	}
	const { files } = bitMind as { files: Array<{ requestId?: string }> };
	return {
		file,
		isAI,
		verdict: isAI ? 'AI-generated' : 'not AI-generated',
		confidence: Number(confidence).toFixed(4),
		requestId: files[0]?.requestId ?? '',
	};
}

function table(rows: readonly Row[]): string {
	const lines = [
		['File', 'Verdict', 'Confidence', 'Request ID'],
		...rows.map(({ file, verdict, confidence, requestId }) => [
			file,
			verdict,
			confidence,
			requestId,
		]),
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
	const count = (wanted: boolean | undefined) => rows.filter(({ isAI }) => isAI === wanted).length;
	const without = count(undefined) > 0 ? `, ${count(undefined)} without a verdict` : '';
	const time = (milliseconds / 1000).toFixed(1);
	return `\n${rows.length} files in ${requests} requests and ${time} s: ${count(true)} AI-generated, ${count(false)} not${without}`;
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
