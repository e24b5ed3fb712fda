import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode, INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';
import {
	startEmulator,
	startRawServer,
	type Emulator,
	type EmulatorOptions,
} from '../support/emulator';
import type { Sample } from '../support/engine/media';
import { chain, node, type NodeSettings, type WorkflowJson } from '../support/engine/workflows';
import { N8nApi } from '../support/host/api/api';
import { installHost } from '../support/host/install/install';
import { itemsOf } from '../support/host/runOutput';
import type { Credential } from '../support/host/workflow';
import type { Shared } from './setup';

export const IMAGE = 'Batch Image Detect';
export const VIDEO = 'Batch Video Detect';
const START = 'Start';
const CREDENTIAL_TYPE = 'bitMindEnterpriseApi';

/** An emulator and a credential for it, for the tests of a file or a `describe` block. */
export function useBench(options: EmulatorOptions = {}): Bench {
	const bench = new Bench(JSON.parse(process.env.BITMIND_E2E ?? '{}') as Shared);
	beforeAll(() => bench.start(options));
	afterEach(() => bench.emulator.reset());
	afterAll(() => bench.emulator.close());
	return bench;
}

export class Bench {
	api!: N8nApi;
	emulator!: Emulator;
	credential!: Credential;
	private folders = 0;

	constructor(readonly shared: Shared) {}

	async start(options: EmulatorOptions): Promise<void> {
		this.api = new N8nApi(this.shared.url, await installHost(this.shared.hostVersion, console.log));
		await this.api.rest.signIn();
		this.emulator = await startEmulator(options);
		const { apiKey } = this.emulator;
		this.credential = await this.createCredential({ authentication: 'apiKey', apiKey });
	}

	/** Adds the base URL to a form that users fill in. */
	async createCredential(form: Credential['data']): Promise<Credential> {
		const data = { baseUrl: this.emulator.url, ...form };
		return await this.api.createCredential({ name: 'BitMind', type: CREDENTIAL_TYPE, data });
	}

	/** Writes files to a folder that n8n may read. Returns the pattern that finds them, in this order. */
	async write(samples: readonly Sample[]): Promise<string> {
		const folder = join(this.shared.filesFolder, `${Date.now()}-${this.folders++}`);
		await mkdir(folder);
		const digits = String(samples.length).length;
		await Promise.all(
			samples.map(({ fileName, content }, index) => {
				const number = String(index).padStart(digits, '0');
				return writeFile(join(folder, `${number}-${fileName}`), content);
			}),
		);
		return join(folder, '*');
	}

	/** A web server with one file, for nodes that download. */
	async serve(content: Buffer): Promise<{ url: string; close(): Promise<void> }> {
		return await startRawServer(async (connection) => {
			await connection.readHead();
			const head = `HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\nConnection: close\r\n\r\n`;
			await connection.write(Buffer.concat([Buffer.from(head), content]));
			connection.halfClose();
		});
	}

	imageNode(parameters?: INodeParameters, settings?: NodeSettings): INode {
		return this.detectNode('batchImageDetect', IMAGE, parameters, settings);
	}

	videoNode(parameters?: INodeParameters, settings?: NodeSettings): INode {
		return this.detectNode('batchVideoDetect', VIDEO, parameters, settings);
	}

	/** Runs a chain of nodes after a manual trigger. */
	async run(nodes: INode[], settings?: WorkflowJson['settings']): Promise<Result> {
		return await this.runWorkflow(chain([startNode(), ...nodes], settings));
	}

	async runWorkflow(workflow: WorkflowJson): Promise<Result> {
		const id = await this.api.createWorkflow({ name: 'Test', ...workflow });
		return new Result(await this.api.runWorkflow(id, START), workflow);
	}

	private detectNode(
		type: string,
		name: string,
		parameters: INodeParameters = {},
		settings: NodeSettings = {},
	): INode {
		const { id, name: credentialName } = this.credential;
		const credentials = { [CREDENTIAL_TYPE]: { id, name: credentialName } };
		return node(`n8n-nodes-bitmind.${type}`, name, parameters, { credentials, ...settings });
	}
}

export function startNode(): INode {
	return node('n8n-nodes-base.manualTrigger', START);
}

export function readFiles(pattern: string, field = 'data', name = 'Read Files'): INode {
	const parameters = { fileSelector: pattern, options: { dataPropertyName: field } };
	return node('n8n-nodes-base.readWriteFile', name, parameters, { typeVersion: 1.1 });
}

/** A Code node that makes items. */
export function codeNode(jsCode: string, name = 'Code'): INode {
	return node('n8n-nodes-base.code', name, { jsCode }, { typeVersion: 2 });
}

export class Result {
	constructor(
		readonly run: IRun,
		private readonly workflow: WorkflowJson,
	) {}

	get status(): IRun['status'] {
		return this.run.status;
	}

	get error() {
		return this.run.data.resultData.error;
	}

	/** The output of the workflow's last node. */
	get items(): INodeExecutionData[] {
		return this.itemsOf(this.workflow.nodes.at(-1)?.name ?? '');
	}

	itemsOf(nodeName: string, output = 0): INodeExecutionData[] {
		return itemsOf(this.run, nodeName, output);
	}
}

/** Expects the emulator's verdicts on these files. */
export function expectVerdicts(
	items: readonly INodeExecutionData[],
	samples: readonly Sample[],
): void {
	expect(items.map(({ json: { isAI, confidence } }) => ({ isAI, confidence }))).toEqual(
		samples.map(({ verdict }) => verdict),
	);
}
