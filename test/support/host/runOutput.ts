import type { INodeExecutionData, IRun } from 'n8n-workflow';

/**
 * Finds the run in the output of `n8n execute`, which is mixed with log lines. Only the outermost braces
 * of indented JSON stand alone at the beginning of a line.
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

/** The items of a node's last run, by default at its first output. */
export function itemsOf(run: IRun, nodeName: string, output = 0): INodeExecutionData[] {
	const runs = run.data.resultData.runData[nodeName];
	return runs?.at(-1)?.data?.main?.[output] ?? [];
}
