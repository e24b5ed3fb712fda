import { rmSync } from 'node:fs';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
/**
 * After six missed heartbeats, the holder of the lock is gone. A process ID means nothing in another
 * container.
 */
const STALE_AFTER_MS = 30_000;
const POLL_MS = 1_000;

/** Runs the work while holding a lock. `onWait` is called once if another process holds it. */
export async function withLock<T>(
	folder: string,
	onWait: () => void,
	work: () => Promise<T>,
): Promise<T> {
	const release = await lock(folder, onWait);
	try {
		return await work();
	} finally {
		release();
	}
}

/** Waits for the lock. The process holds it until it calls the returned function, or ends. */
export async function lock(folder: string, onWait: () => void): Promise<() => void> {
	await mkdir(dirname(folder), { recursive: true });
	let waiting = false;
	while (!(await acquire(folder))) {
		if (!waiting) onWait();
		waiting = true;
		await sleep(POLL_MS);
	}
	const heartbeat = setInterval(() => {
		const now = new Date();
		void utimes(folder, now, now).catch(() => undefined);
	}, HEARTBEAT_MS);
	heartbeat.unref();
	const release = () => {
		clearInterval(heartbeat);
		process.off('exit', release);
		rmSync(folder, { recursive: true, force: true });
	};
	// After Ctrl+C, the next start doesn't have to wait until the lock is stale.
	process.on('exit', release);
	return release;
}

/** `mkdir` either makes the folder or fails, so that only one of two processes gets the lock. */
async function acquire(folder: string): Promise<boolean> {
	if (await make(folder)) return true;
	const held = await stat(folder).catch(() => undefined);
	if (held && Date.now() - held.mtimeMs < STALE_AFTER_MS) return false;
	// Renamed first, so that only one of two processes that find a stale lock removes it.
	const grave = `${folder}.${process.pid}.stale`;
	await rename(folder, grave).catch(() => undefined);
	await rm(grave, { recursive: true, force: true });
	return await make(folder);
}

async function make(folder: string): Promise<boolean> {
	try {
		await mkdir(folder);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}
