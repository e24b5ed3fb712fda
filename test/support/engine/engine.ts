import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	ErrorReporter,
	ExecutionLifecycleHooks,
	InstanceSettings,
	WorkflowExecute,
} from 'n8n-core';
import {
	LoggerProxy,
	Workflow,
	type ICredentialDataDecryptedObject,
	type INodeType,
	type IDataObject,
	type IRun,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownCredentials } from './services/credentials';
import { addDatabaseStore } from './services/databaseStore';
import {
	DEFAULT_EXPRESSION_ENGINE,
	startExpressionEngine,
	stopExpressionEngine,
	type ExpressionEngine,
} from './services/expressionEngine';
import { LogBook } from './services/logBook';
import { NodeTypes } from './nodeTypes';
import { RunResult } from './runResult';
import { sourceNode, STAND_INS, type SourceItem } from './standIns';
import type { WorkflowJson } from './workflows';

export interface EngineOptions {
	/** `default` keeps files inline as base64. `database` stores them without a path. */
	binaryMode?: 'filesystem' | 'default' | 'database';
	/** Default: n8n's own default. */
	expressionEngine?: ExpressionEngine;
	/** Node types by their full names, in addition to the stand-ins. */
	nodeTypes: Record<string, INodeType>;
}

interface RunRequest {
	workflow: WorkflowJson;
	/** The items that the source node outputs. */
	input?: readonly SourceItem[];
	/** What the workflow has kept from earlier runs. The run changes it. */
	staticData?: IDataObject;
	/** By credential type. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	/** When the workflow times out, in milliseconds since 1970. */
	timeoutAt?: number;
}

/** A run that has started. */
export interface StartedRun {
	/** Like the stop button in the editor. */
	cancel(): void;
	finished: Promise<RunResult>;
}

/** n8n has one set of services per process, so there can be only one engine. */
let isRunning = false;

/** Starts n8n's engine with its own temporary folder. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
	if (isRunning)
		throw new Error('An engine is already running, and n8n has one set of services per process');
	isRunning = true;
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-engine-'));
	const logBook = new LogBook();
	const userFolder = process.env.N8N_USER_FOLDER;
	try {
		// Read once, when the services below are created.
		process.env.N8N_USER_FOLDER = folder;
		await startServices(folder, options.binaryMode ?? 'filesystem', logBook);
		await startExpressionEngine(options.expressionEngine ?? DEFAULT_EXPRESSION_ENGINE);
	} finally {
		if (userFolder === undefined) delete process.env.N8N_USER_FOLDER;
		else process.env.N8N_USER_FOLDER = userFolder;
	}
	return new Engine(folder, options.nodeTypes, logBook);
}

async function startServices(
	folder: string,
	mode: NonNullable<EngineOptions['binaryMode']>,
	logBook: LogBook,
): Promise<void> {
	Container.reset();
	Container.set(Logger, logBook as unknown as Logger);
	LoggerProxy.init(logBook);
	Container.get(InstanceSettings);
	Object.assign(Container.get(BinaryDataConfig), { mode, localStoragePath: join(folder, 'files') });
	const binaryData = Container.get(BinaryDataService);
	await binaryData.init();
	if (mode === 'database') {
		addDatabaseStore(binaryData, join(folder, 'database'), Container.get(ErrorReporter));
	}
}

export class Engine {
	private runs = 0;

	constructor(
		private readonly folder: string,
		private readonly nodeTypes: Record<string, INodeType>,
		private readonly logBook: LogBook,
	) {}

	async run(request: RunRequest): Promise<RunResult> {
		return await this.start(request).finished;
	}

	start(request: RunRequest): StartedRun {
		const { workflow: json, input = [], credentials = {}, staticData, timeoutAt } = request;
		const executionId = String(++this.runs);
		const nodeTypes = new NodeTypes({
			...STAND_INS,
			...this.nodeTypes,
			...sourceNode(input),
		});
		const workflow = new Workflow({
			id: `workflow${executionId}`,
			name: json.name ?? 'Test',
			nodes: json.nodes,
			connections: json.connections,
			settings: { executionOrder: 'v1', ...json.settings },
			active: false,
			staticData,
			nodeTypes,
		});
		const credentialsHelper = new KnownCredentials(credentials);
		const additionalData = {
			credentialsHelper,
			executionTimeoutTimestamp: timeoutAt,
			hooks: new ExecutionLifecycleHooks('cli', executionId, json as unknown as IWorkflowBase),
			executionId,
			currentNodeExecutionIndex: 0,
			variables: {},
			// Never requested. n8n only makes URLs for expressions of them.
			webhookWaitingBaseUrl: 'http://localhost/waiting',
			formWaitingBaseUrl: 'http://localhost/form',
			restApiUrl: 'http://localhost/rest',
			instanceBaseUrl: 'http://localhost/',
		} as unknown as IWorkflowExecuteAdditionalData;
		const logStart = this.logBook.lines.length;
		// The source node is no trigger, so n8n doesn't recognize it as the start node.
		const startNode = workflow.getStartNode() ?? workflow.getNode(json.nodes[0]?.name ?? '');
		const run = new WorkflowExecute(additionalData, 'cli').run({
			workflow,
			startNode: startNode ?? undefined,
		});
		const finished = (run as Promise<IRun>).then((data) => {
			// n8n stores it as JSON between runs.
			const staticData = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
			const logLines = this.logBook.lines.slice(logStart);
			const credentialReads = credentialsHelper.asked;
			return new RunResult({
				data,
				workflow: json,
				nodeTypes,
				logLines,
				staticData,
				credentialReads,
			});
		});
		return { cancel: () => run.cancel(), finished };
	}

	async stop(): Promise<void> {
		await stopExpressionEngine();
		Container.reset();
		await rm(this.folder, { recursive: true, force: true });
		isRunning = false;
	}
}
