import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../until';

/** What a process still holds after a garbage collection. */
interface Leftovers {
	/** Live heap and external memory. */
	megabytes: number;
	/** Sockets, timers and similar resources, by kind. */
	handles: Record<string, number>;
	/** Open files, sockets and pipes. Only on Linux. */
	descriptors: number;
}

const REPORT_WITHIN_MS = 30_000;
/** n8n's own database, timers and keep-alive connections cause small differences. */
const SLACK = 10;

/** Arguments for the Node of a process to be measured. */
export const PROBE_ARGS = ['--expose-gc', '--require', join(__dirname, 'probe.cjs')];

/** @param file the file that the process got as BITMIND_PROBE */
export async function leftoversOf(pid: number | undefined, file: string): Promise<Leftovers> {
	if (pid === undefined) throw new Error('The process to be measured has ended');
	const path = `${file}.${pid}`;
	await rm(path, { force: true });
	process.kill(pid, 'SIGUSR2');
	const text = await until(`a report by process ${pid}`, REPORT_WITHIN_MS, async () => {
		return (await readFile(path, 'utf8').catch(() => '')) || undefined;
	});
	const { megabytes, handles } = JSON.parse(text) as Omit<Leftovers, 'descriptors'>;
	return { megabytes, handles, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Describes what has grown; empty if nothing has. */
export function growth(before: Leftovers, after: Leftovers, maxMegabytes: number): string[] {
	const grown: string[] = [];
	const megabytes = after.megabytes - before.megabytes;
	if (megabytes > maxMegabytes) grown.push(`${megabytes.toFixed(1)} MB more in memory`);
	const descriptors = after.descriptors - before.descriptors;
	if (descriptors > SLACK) grown.push(`${descriptors} more descriptors`);
	for (const [kind, count] of Object.entries(after.handles)) {
		const more = count - (before.handles[kind] ?? 0);
		if (more > SLACK) grown.push(`${more} more of ${kind}`);
	}
	return grown;
}

export function difference(before: Leftovers, after: Leftovers): string {
	const megabytes = after.megabytes - before.megabytes;
	const descriptors = after.descriptors - before.descriptors;
	const handles = total(after.handles) - total(before.handles);
	const sign = (value: number) => (value < 0 ? '' : '+');
	return `heap ${sign(megabytes)}${megabytes.toFixed(1)} MB, descriptors ${sign(descriptors)}${descriptors}, handles ${sign(handles)}${handles}`;
}

function total(handles: Leftovers['handles']): number {
	return Object.values(handles).reduce((sum, count) => sum + count, 0);
}
