import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 3;

/** Counts, again and again, how many files below a folder a process has open. Only on Linux. */
export class OpenFiles {
	most = 0;
	private isOver = false;
	private readonly done: Promise<void>;

	constructor(pid: () => number | undefined, folder: string) {
		this.done = this.watch(pid, folder);
	}

	async stop(): Promise<number> {
		this.isOver = true;
		await this.done;
		return this.most;
	}

	private async watch(pid: () => number | undefined, folder: string): Promise<void> {
		while (!this.isOver) {
			const id = pid();
			if (id) this.most = Math.max(this.most, await countOpen(id, folder));
			await sleep(EVERY_MS);
		}
	}
}

async function countOpen(pid: number, folder: string): Promise<number> {
	const descriptors = `/proc/${pid}/fd`;
	const names = await readdir(descriptors).catch(() => []);
	const targets = await Promise.all(
		names.map((name) => readlink(join(descriptors, name)).catch(() => '')),
	);
	return targets.filter((target) => target.startsWith(folder)).length;
}
