import type { INodeExecutionData, IRun } from 'n8n-workflow';

/**
 * Finds the run in what `n8n execute` printed: it stands among log lines, on standard output.
 * Indented JSON has its outermost braces alone at the beginning of a line, and nothing else has.
 */
export function parseRun(stdout: string): IRun | undefined {
	const lines = stdout.split('\n').map((line) => line.trimEnd());
	let from = lines.indexOf('{');
	while (from !== -1) {
		const to = lines.indexOf('}', from);
		if (to === -1) return undefined;
		const run = parse(lines.slice(from, to + 1).join('\n'));
		if (run) return run;
		from = lines.indexOf('{', to);
	}
	return undefined;
}

function parse(text: string): IRun | undefined {
	try {
		const value = JSON.parse(text) as Partial<IRun>;
		return value.data?.resultData ? (value as IRun) : undefined;
	} catch {
		return undefined;
	}
}

/** The items that a node gave out in its last run, at its first output unless told otherwise. */
export function itemsOf(run: IRun, nodeName: string, output = 0): INodeExecutionData[] {
	const runs = run.data.resultData.runData[nodeName];
	return runs?.at(-1)?.data?.main?.[output] ?? [];
}
