import type {
	ExecutionError,
	IDataObject,
	IRun,
	INodeExecutionData,
	ITaskData,
	NodeExecutionHint,
} from 'n8n-workflow';
import type { LogLine } from './services/logBook';
import type { Call, NodeTypes } from './nodeTypes';
import type { WorkflowJson } from './workflows';

interface RunRecord {
	data: IRun;
	workflow: WorkflowJson;
	nodeTypes: NodeTypes;
	logLines: readonly LogLine[];
	/** What the workflow keeps for its next run. */
	staticData: IDataObject;
	/** How often nodes have read a credential. */
	credentialReads: number;
}

/** The result of a run, as n8n would store and show it. */
export class RunResult {
	readonly data: IRun;
	readonly logLines: readonly LogLine[];
	readonly staticData: IDataObject;
	readonly credentialReads: number;

	constructor(private readonly record: RunRecord) {
		({
			data: this.data,
			logLines: this.logLines,
			staticData: this.staticData,
			credentialReads: this.credentialReads,
		} = record);
	}

	get status(): IRun['status'] {
		return this.data.status;
	}

	get error(): ExecutionError | undefined {
		return this.data.data.resultData.error;
	}

	/** Each call of a node, in order, with what it returned or threw. */
	get calls(): readonly Call[] {
		return this.record.nodeTypes.calls;
	}

	/** The output of the workflow's last node. */
	get items(): INodeExecutionData[] {
		return this.itemsOf(this.record.workflow.nodes.at(-1)?.name ?? '');
	}

	/** The output of a node; none if it didn't run. */
	itemsOf(node: string, output = 0): INodeExecutionData[] {
		return this.taskOf(node)?.data?.main?.[output] ?? [];
	}

	taskOf(node: string): ITaskData | undefined {
		return this.data.data.resultData.runData[node]?.[0];
	}

	hintsOf(node: string): NodeExecutionHint[] {
		return this.taskOf(node)?.hints ?? [];
	}
}
