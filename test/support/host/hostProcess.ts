import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_GRACE_MS = 20_000;
const READY_TIMEOUT_MS = 240_000;
const POLL_MS = 500;

interface HostProcessOptions {
	env: NodeJS.ProcessEnv;
	cwd: string;
	/** To run as another user. */
	uid?: number;
	gid?: number;
	onOutput?: (text: string) => void;
}

/** One long-running process: n8n, one of its workers, or another server. No other process gets a signal. */
export class HostProcess {
	log = '';

	/** Resolves when the process has ended, for any reason. */
	readonly ended: Promise<void>;

	private readonly child: ChildProcess;

	/** A caller that ends without `stop()` must not leave n8n behind. */
	private readonly killOnExit = () => this.child.kill('SIGKILL');

	constructor(
		private readonly program: string,
		args: string[],
		{ onOutput, ...options }: HostProcessOptions,
	) {
		this.child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
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

	/**
	 * Waits until the process is ready. If it ends or takes too long, throws an error with the end of its
	 * log.
	 */
	async waitUntil(ready: () => Promise<boolean>): Promise<void> {
		const deadline = Date.now() + READY_TIMEOUT_MS;
		while (!(await ready().catch(() => false))) {
			if (!this.running) throw new Error(`${this.program} ended while starting:\n${this.logEnd()}`);
			if (Date.now() > deadline) throw new Error(`${this.program} is not ready:\n${this.logEnd()}`);
			await sleep(POLL_MS);
		}
	}

	/** Ends it at once, like a crash. */
	kill(): void {
		this.child.kill('SIGKILL');
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
