import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Received {
	requests: number;
	bytes: number;
}

/** Starts and stops the server of `server.ts`. */
export class Sink {
	private constructor(
		private readonly child: ChildProcess,
		readonly port: number,
	) {}

	static async start(): Promise<Sink> {
		const child = fork(join(__dirname, 'server.ts'), { execArgv: ['--import', 'tsx'] });
		const [port] = (await once(child, 'message')) as [number];
		return new Sink(child, port);
	}

	/** What has arrived since the last call. */
	async received(): Promise<Received> {
		this.child.send('received');
		const [received] = (await once(this.child, 'message')) as [Received];
		return received;
	}

	stop(): void {
		this.child.disconnect();
	}
}
