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

/** n8n fills in what people don't. */
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
	/** What is filled into the credential beside the base URL; the API key unless said otherwise. */
	credential?: (emulator: Emulator) => CredentialForm;
	settings?: IWorkflowSettings;
}

interface RunOptions {
	staticData?: IDataObject;
	credential?: CredentialForm;
	settings?: IWorkflowSettings;
	timeoutAt?: number;
}

/** Engine and emulator for the tests of a file or a describe block, forgetful between tests. */
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
			// As n8n names it where an AI Agent uses it.
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

	/** Runs the items through the nodes, one after the other. */
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

	/** With the node's second output connected, as 'Continue (using error output)' has it. */
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

	/** The credential of a run, as it is filled in. */
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

/** Files of each request, in ascending order: concurrent requests arrive in any. */
export function requestSizes({ emulator }: Bench): number[] {
	return emulator.batchRequests.map(({ files }) => files.length).sort((a, b) => a - b);
}

/** An item with one file, as most are. */
export function itemOf(file: SourceFile, json = {}): SourceItem {
	return { json, files: { data: file } };
}

/** The item carries the very verdict that the emulator has for this content, under its own field. */
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
