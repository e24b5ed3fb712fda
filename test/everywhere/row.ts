/** One line of the table. */
export interface Row {
	host: string;
	mode: string;
	executions: number;
	items: number;
	/** Items with the verdict of another file, or with one that the API didn't give. */
	wrong: number;
	/** Items without a verdict that should have one. */
	lost: number;
	seconds: number;
	/** Other measurements. */
	note?: string;
	/** Problems other than those of items. */
	problems: string[];
}

export function isRight({ wrong, lost, problems }: Row): boolean {
	return wrong === 0 && lost === 0 && problems.length === 0;
}

/** The row of a scenario that threw an error. */
export function brokenRow(scenario: string, error: unknown, host = ''): Row {
	const counts = { executions: 0, items: 0, wrong: 0, lost: 0, seconds: 0 };
	const [reason = ''] = String(error).split('\n');
	return { host, mode: scenario, ...counts, problems: [reason] };
}

const COLUMNS = ['host', 'mode', 'executions', 'items', 'wrong', 'lost', 'seconds'] as const;

export function printTable(rows: readonly Row[]): void {
	const lines = [
		[...COLUMNS, 'note'],
		...rows.map((row) => [
			...COLUMNS.map((column) =>
				column === 'seconds' ? row.seconds.toFixed(1) : String(row[column]),
			),
			[...row.problems.map((problem) => `✗ ${problem}`), row.note ?? ''].join(' '),
		]),
	];
	const widths = [...COLUMNS, 'note'].map((_, column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	console.log('');
	for (const line of lines) {
		console.log(
			line
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		);
	}
}
