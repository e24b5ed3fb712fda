import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowSettings,
} from 'n8n-workflow';
import { BitMindEnterpriseApi } from '../../../credentials/BitMindEnterpriseApi.credentials';
import { BatchImageDetect } from '../../../nodes/BatchImageDetect/BatchImageDetect.node';
import { BatchVideoDetect } from '../../../nodes/BatchVideoDetect/BatchVideoDetect.node';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator';
import { startEngine, type Engine, type EngineOptions, type StartedRun } from './engine';
import type { Sample } from './media';
import type { RunResult } from './runResult';
import { PASS_ON, SOURCE, type SourceFile, type SourceItem } from './standIns';
import { chain, node, type NodeSettings, type WorkflowJson } from './workflows';

export const IMAGE = 'Batch Image Detect';
export const VIDEO = 'Batch Video Detect';
const CREDENTIAL = 'bitMindEnterpriseApi';

/** The fields that n8n fills in by itself. */
const HIDDEN_FIELDS = Object.fromEntries(
	new BitMindEnterpriseApi().properties
		.filter(({ type }) => type === 'hidden')
		.map((property) => [property.name, String(property.default)]),
);

export type CredentialForm = Record<string, string | boolean>;

interface BenchOptions {
	emulator?: EmulatorOptions;
	binaryMode?: EngineOptions['binaryMode'];
	expressionEngine?: EngineOptions['expressionEngine'];
	/** The fields of the credential, in addition to the base URL. Default: the API key. */
	credential?: (emulator: Emulator) => CredentialForm;
	settings?: IWorkflowSettings;
}

interface RunOptions {
	staticData?: IDataObject;
	credential?: CredentialForm;
	settings?: IWorkflowSettings;
	timeoutAt?: number;
}

/**
 * Engine and emulator for the tests of a file or a `describe` block. The emulator is reset after each
 * test.
 */
export function useBench(options: BenchOptions = {}): Bench {
	const bench = new Bench(options);
	beforeAll(() => bench.start());
	afterEach(() => bench.emulator.reset());
	afterAll(() => bench.stop());
	return bench;
}

export class Bench {
	emulator!: Emulator;
	engine!: Engine;

	constructor(private readonly options: BenchOptions) {}

	async start(): Promise<void> {
		const nodeTypes = {
			'n8n-nodes-bitmind.batchImageDetect': new BatchImageDetect(),
			'n8n-nodes-bitmind.batchVideoDetect': new BatchVideoDetect(),
			// n8n's name for it as a tool of an AI agent.
			'n8n-nodes-bitmind.batchImageDetectTool': new BatchImageDetect(),
		};
		this.emulator = await startEmulator(this.options.emulator);
		const { binaryMode, expressionEngine } = this.options;
		this.engine = await startEngine({ binaryMode, expressionEngine, nodeTypes });
	}

	async stop(): Promise<void> {
		await this.engine?.stop();
		await this.emulator?.close();
	}

	/** Runs the items through a chain of nodes. */
	async run(
		input: readonly SourceItem[],
		nodes: INode[],
		options?: RunOptions,
	): Promise<RunResult> {
		return await this.begin(input, nodes, options).finished;
	}

	begin(input: readonly SourceItem[], nodes: INode[], options: RunOptions = {}): StartedRun {
		const settings = { ...this.options.settings, ...options.settings };
		return this.beginWorkflow(input, chain([node(SOURCE, 'Source'), ...nodes], settings), options);
	}

	/** Runs a node with 'Continue (using error output)', and with both outputs connected. */
	async runWithErrorOutput(
		input: readonly SourceItem[],
		detect: INode,
		options: RunOptions = {},
	): Promise<{ result: RunResult; good: INodeExecutionData[]; bad: INodeExecutionData[] }> {
		const workflow = chain(
			[node(SOURCE, 'Source'), { ...detect, onError: 'continueErrorOutput' }],
			{ ...this.options.settings, ...options.settings },
		);
		workflow.nodes.push(node(PASS_ON, 'Good'), node(PASS_ON, 'Bad'));
		workflow.connections[detect.name] = {
			main: ['Good', 'Bad'].map((name) => [{ node: name, type: 'main', index: 0 }]),
		};
		const result = await this.beginWorkflow(input, workflow, options).finished;
		return { result, good: result.itemsOf('Good'), bad: result.itemsOf('Bad') };
	}

	/** The credential of a run, as users fill it in. */
	form(more: CredentialForm = {}): CredentialForm {
		const { emulator } = this;
		const own = this.options.credential?.(emulator) ?? {
			authentication: 'apiKey',
			apiKey: emulator.apiKey,
		};
		return { ...HIDDEN_FIELDS, baseUrl: emulator.url, ...own, ...more };
	}

	private beginWorkflow(
		input: readonly SourceItem[],
		workflow: WorkflowJson,
		{ credential, staticData, timeoutAt }: RunOptions,
	): StartedRun {
		const credentials = { [CREDENTIAL]: credential ?? this.form() };
		return this.engine.start({ workflow, input, credentials, staticData, timeoutAt });
	}
}

export function imageNode(parameters?: INodeParameters, settings?: NodeSettings): INode {
	return detectNode('n8n-nodes-bitmind.batchImageDetect', IMAGE, parameters, settings);
}

export function videoNode(parameters?: INodeParameters, settings?: NodeSettings): INode {
	return detectNode('n8n-nodes-bitmind.batchVideoDetect', VIDEO, parameters, settings);
}

function detectNode(
	type: string,
	name: string,
	parameters: INodeParameters = {},
	settings: NodeSettings = {},
): INode {
	const credentials = { [CREDENTIAL]: { id: '1', name: 'BitMind' } };
	return node(type, name, parameters, { credentials, ...settings });
}

/** The number of files in each request. Sorted, because concurrent requests arrive in any order. */
export function requestSizes({ emulator }: Bench): number[] {
	return emulator.batchRequests.map(({ files }) => files.length).sort((a, b) => a - b);
}

/** An item with one file. */
export function itemOf(file: SourceFile, json = {}): SourceItem {
	return { json, files: { data: file } };
}

/** Expects the emulator's verdict on this file, listed under the file's own field. */
export function expectVerdict(
	item: INodeExecutionData | undefined,
	sample: Sample,
	field = 'data',
): void {
	expect(item?.json).toMatchObject({
		...sample.verdict,
		bitMind: { files: [{ field, fileName: sample.fileName, ...sample.verdict }] },
	});
}
