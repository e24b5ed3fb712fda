import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_GRACE_MS = 20_000;
const READY_TIMEOUT_MS = 240_000;
const POLL_MS = 500;

/** One long-running n8n process: server, worker or webhook process. Only this process is ever signalled. */
export class HostProcess {
	log = '';

	/** Resolves when the process is gone, for whatever reason. */
	readonly ended: Promise<void>;

	private readonly child: ChildProcess;

	/** A caller that ends without stopping must not leave an n8n behind. */
	private readonly killOnExit = () => this.child.kill('SIGKILL');

	constructor(
		node: string,
		args: string[],
		options: { env: NodeJS.ProcessEnv; cwd: string; onOutput?: (text: string) => void },
	) {
		const { env, cwd, onOutput } = options;
		this.child = spawn(node, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.setEncoding('utf8').on('data', (text: string) => {
				this.log += text;
				onOutput?.(text);
			});
		}
		process.on('exit', this.killOnExit);
		this.ended = new Promise((resolve) => {
			this.child.once('close', () => {
				process.off('exit', this.killOnExit);
				resolve();
			});
		});
		this.child.once('error', (error) => {
			this.log += String(error);
		});
	}

	get pid(): number | undefined {
		return this.child.pid;
	}

	get running(): boolean {
		const { exitCode, signalCode, pid } = this.child;
		return pid !== undefined && exitCode === null && signalCode === null;
	}

	/** Asks until the answer is yes; a process that ended, or takes too long, fails with the end of its log. */
	async waitUntil(ready: () => Promise<boolean>): Promise<void> {
		const deadline = Date.now() + READY_TIMEOUT_MS;
		while (!(await ready().catch(() => false))) {
			if (!this.running) throw new Error(`n8n ended while starting:\n${this.logEnd()}`);
			if (Date.now() > deadline) throw new Error(`n8n is not ready:\n${this.logEnd()}`);
			await sleep(POLL_MS);
		}
	}

	async stop(): Promise<void> {
		if (!this.running) return;
		this.child.kill('SIGTERM');
		const killer = setTimeout(() => this.child.kill('SIGKILL'), STOP_GRACE_MS);
		await this.ended;
		clearTimeout(killer);
	}

	private logEnd(): string {
		return this.log.slice(-4_000);
	}
}
