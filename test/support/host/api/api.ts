import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeTypeDescription, IRun } from 'n8n-workflow';
import type { Host } from '../install/install';
import { Rest } from './rest';
import type { Credential, Workflow } from '../workflow';

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

const EXECUTION_POLL_MS = 200;
/** Much longer than any execution here takes. */
const EXECUTION_TIMEOUT_MS = 120_000;

/** The requests that n8n's editor makes. */
export class N8nApi {
	readonly rest: Rest;

	constructor(
		readonly url: string,
		private readonly host: Host,
	) {
		this.rest = new Rest(url);
	}

	/** Returns the credential with its ID. */
	async createCredential({ name, type, data }: Omit<Credential, 'id'>): Promise<Credential> {
		const body = { name, type, data };
		const { id } = await this.rest.request<{ id: string }>('POST', '/rest/credentials', body);
		return { id, name, type, data };
	}

	/** Returns the ID of the workflow. */
	async createWorkflow(workflow: Omit<Workflow, 'id'>): Promise<string> {
		// n8n can't execute a single step without pinned data. n8n 1.123 requires `active`.
		const body = { pinData: {}, active: false, ...workflow };
		const { id } = await this.rest.request<{ id: string }>('POST', '/rest/workflows', body);
		return id;
	}

	/** Activates the workflow's triggers, as 'Publish' does. n8n may need a moment for that. */
	async publish(workflowId: string): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const { versionId } = await this.rest.request<{ versionId: string }>('GET', path);
		await this.rest.request('POST', `${path}/activate`, { versionId });
	}

	async unpublish(workflowId: string): Promise<void> {
		await this.rest.request('POST', `/rest/workflows/${workflowId}/deactivate`, {});
	}

	/** Tests the data given here, but n8n 2.8 requires the ID of a stored credential. */
	async testCredential(credentials: Credential): Promise<CredentialTestResult> {
		return await this.rest.request('POST', '/rest/credentials/test', { credentials });
	}

	/** The node types of a package, as the editor gets them. */
	async nodeTypes(packageName: string): Promise<INodeTypeDescription[]> {
		const all = await this.rest.request<INodeTypeDescription[]>('GET', '/types/nodes.json');
		return all.filter(({ name }) => name.startsWith(`${packageName}.`));
	}

	/** Starts a workflow, as 'Execute workflow' does. Returns the ID of the execution. */
	async startWorkflow(workflowId: string, triggerName: string): Promise<string> {
		const workflow = await this.rest.request<object>('GET', `/rest/workflows/${workflowId}`);
		const { executionId } = await this.rest.request<{ executionId: string }>(
			'POST',
			`/rest/workflows/${workflowId}/run`,
			// Older versions need the workflow itself. Newer ones ignore it.
			{ workflowData: workflow, triggerToStartFrom: { name: triggerName } },
		);
		return executionId;
	}

	async runWorkflow(workflowId: string, triggerName: string): Promise<IRun> {
		return await this.waitForExecution(await this.startWorkflow(workflowId, triggerName));
	}

	/** @throws if the execution hasn't ended after two minutes */
	async waitForExecution(executionId: string): Promise<IRun> {
		const deadline = Date.now() + EXECUTION_TIMEOUT_MS;
		for (;;) {
			const run = await this.execution(executionId);
			// n8n 1.123 stores the time of the end a moment before the data.
			if (run.stoppedAt && run.data?.resultData) return run;
			if (Date.now() > deadline) {
				const seconds = EXECUTION_TIMEOUT_MS / 1_000;
				throw new Error(`Execution ${executionId} is still '${run.status}' after ${seconds} s`);
			}
			await sleep(EXECUTION_POLL_MS);
		}
	}

	/** The IDs of a workflow's executions, the oldest first. */
	async executionsOf(workflowId: string): Promise<string[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const path = `/rest/executions?limit=100&filter=${filter}`;
		const { results } = await this.rest.request<{ results: Array<{ id: string }> }>('GET', path);
		return results.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
	}

	async stopExecution(executionId: string): Promise<void> {
		await this.rest.request('POST', `/rest/executions/${executionId}/stop`);
	}

	/** Runs an execution again, as 'Retry with original workflow' does. Returns the ID of the new one. */
	async retryExecution(executionId: string): Promise<string> {
		const path = `/rest/executions/${executionId}/retry`;
		const { id } = await this.rest.request<{ id: string }>('POST', path, { loadWorkflow: false });
		return id;
	}

	async execution(executionId: string): Promise<IRun> {
		const path = `/rest/executions/${executionId}`;
		const stored = await this.rest.request<IRun & { data: string }>('GET', path);
		// n8n stores executions with its own copy of flatted.
		const { parse } = createRequire(this.host.n8n)('flatted') as {
			parse: (text: string) => IRun['data'];
		};
		return { ...stored, data: parse(stored.data) };
	}
}
