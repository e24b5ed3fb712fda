import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IRun } from 'n8n-workflow';
import { N8nApi } from './api/api';
import { type CommandResult, runCommand } from './command';
import { freePort, n8nEnvironment } from './environment';
import { HostProcess } from './hostProcess';
import type { Host } from './install/install';
import { parseRun } from './runOutput';
import type { Credential, Workflow } from './workflow';

export interface N8nOptions {
	host: Host;
	/** `stop()` keeps it. Default: a temporary folder, which `stop()` removes. */
	userFolder?: string;
	/** Used if it is free, otherwise another one. */
	port?: number;
	readableFolders?: string[];
	env?: NodeJS.ProcessEnv;
	/** Arguments of Node for the server and for executions, such as --cpu-prof. */
	nodeArgs?: string[];
	/** Relative paths in workflows start here. Default: the user folder. */
	workingFolder?: string;
	/** Gets what the server prints. */
	onOutput?: (text: string) => void;
}

export interface Execution extends Omit<CommandResult, 'stdout'> {
	/** Missing if n8n ended before it ran the workflow. `output` says why. */
	run: IRun | undefined;
}

/** A real n8n with its own user folder, on the command line and as a server. */
export class N8n {
	readonly api: N8nApi;

	private server: HostProcess | undefined;

	private endedLogs = '';

	private constructor(
		private readonly options: N8nOptions,
		readonly userFolder: string,
		private readonly port: number,
	) {
		this.api = new N8nApi(`http://127.0.0.1:${port}`, options.host);
	}

	static async create(options: N8nOptions): Promise<N8n> {
		const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'n8n-')));
		await mkdir(userFolder, { recursive: true });
		return new N8n(options, userFolder, await freePort(options.port));
	}

	get url(): string {
		return this.api.url;
	}

	/** The Node binary that it runs on. */
	get node(): string {
		return this.options.host.node;
	}

	get pid(): number | undefined {
		return this.server?.pid;
	}

	/** Resolves when the current server has ended. */
	get serverEnded(): Promise<void> {
		return this.server?.ended ?? Promise.resolve();
	}

	/** Everything that the server has printed, including earlier starts. */
	get log(): string {
		return this.endedLogs + (this.server?.log ?? '');
	}

	private get workingFolder(): string {
		return this.options.workingFolder ?? this.userFolder;
	}

	async importCredentials(credentials: Credential[]): Promise<void> {
		await this.import('credentials', credentials);
	}

	async importWorkflows(workflows: Workflow[]): Promise<void> {
		await this.import('workflow', workflows);
	}

	/** Runs a workflow with a manual trigger in its own process. */
	async execute(
		workflowId: string,
		env: NodeJS.ProcessEnv = {},
		onStart?: (pid: number) => void,
	): Promise<Execution> {
		const args = ['execute', `--id=${workflowId}`, '--rawOutput'];
		const { host, nodeArgs = [] } = this.options;
		const stdoutFile = join(this.userFolder, `${randomUUID()}.out`);
		const { exitCode, output, stdout } = await runCommand(
			host.node,
			[...nodeArgs, host.n8n, ...args],
			{ cwd: this.workingFolder, env: await this.environment(env), onStart, stdoutFile },
		);
		await rm(stdoutFile);
		return { exitCode, output, run: parseRun(stdout) };
	}

	/** Runs any command of n8n to its end. */
	async command(args: string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
		const { host } = this.options;
		return await runCommand(host.node, [host.n8n, ...args], {
			cwd: this.workingFolder,
			env: await this.environment(env),
		});
	}

	/** Starts the server, waits until it is ready, and signs in as the owner. */
	async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
		const { host, nodeArgs = [], onOutput } = this.options;
		this.server = new HostProcess(host.node, [...nodeArgs, host.n8n, 'start'], {
			env: await this.environment(env),
			cwd: this.workingFolder,
			onOutput,
		});
		await this.server.waitUntil(async () => await this.api.rest.ready());
		await this.api.rest.signIn();
	}

	async restart(env: NodeJS.ProcessEnv = {}): Promise<void> {
		await this.stopServer();
		await this.start(env);
	}

	/** Ends the server at once, like a crash. */
	async kill(): Promise<void> {
		this.server?.kill();
		await this.server?.ended;
	}

	/** Ends the server if it is running, and removes a temporary user folder. */
	async stop(): Promise<void> {
		await this.stopServer();
		if (this.options.userFolder) return;
		await rm(this.userFolder, { recursive: true, force: true, maxRetries: 5 });
	}

	private async import(what: 'credentials' | 'workflow', content: object[]): Promise<void> {
		const file = join(this.userFolder, `${randomUUID()}.json`);
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		const { exitCode, output } = await this.command([`import:${what}`, `--input=${file}`]);
		await rm(file);
		if (exitCode !== 0) throw new Error(`n8n import:${what} ended with ${exitCode}:\n${output}`);
	}

	private async environment(more: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
		const { host, readableFolders = [], env } = this.options;
		return await n8nEnvironment(host, {
			userFolder: this.userFolder,
			port: this.port,
			readableFolders,
			extra: { ...env, ...more },
		});
	}

	private async stopServer(): Promise<void> {
		if (!this.server) return;
		await this.server.stop();
		this.endedLogs += this.server.log;
		this.server = undefined;
	}
}
