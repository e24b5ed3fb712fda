import type { Load } from './loads';

export interface Row {
	name: string;
	requests: number;
	milliseconds: number;
	ratioToCurl: number;
	/** More than the baseline, n8n's Edit Fields node without an upload. */
	megabytes?: number;
	gcMilliseconds?: number;
	openFiles?: number;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2
		? (sorted[middle] ?? NaN)
		: ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** As Markdown, like in docs/performance.md. */
export function printTable({ name, files }: Load, rows: readonly Row[]): void {
	const head = [
		'',
		'requests',
		'seconds',
		'ms a file',
		'ratio to curl',
		'peak memory',
		'in GC',
		'open files',
	];
	const lines = rows.map((row) => [
		row.name,
		String(row.requests),
		(row.milliseconds / 1_000).toFixed(2),
		(row.milliseconds / files).toFixed(2),
		row.ratioToCurl.toFixed(2),
		row.megabytes === undefined
			? ''
			: `${row.megabytes >= 0 ? '+' : ''}${row.megabytes.toFixed(0)} MB`,
		row.gcMilliseconds === undefined ? '' : `${row.gcMilliseconds.toFixed(0)} ms`,
		row.openFiles === undefined ? '' : String(row.openFiles),
	]);
	console.log(`**${name}**\n`);
	for (const line of [head, head.map((_, index) => (index ? '---:' : '---')), ...lines]) {
		console.log(`| ${line.join(' | ')} |`);
	}
	console.log('');
}
