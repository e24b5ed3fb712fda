/** `npm run test:everywhere [-- part of a name]`. Exits with 1 if any row has a problem. */
import { binaryModes } from './binaryModes';
import { egress } from './egress/egress';
import { hosts } from './hosts';
import { networks } from './networks/networks';
import { rateLimits } from './networks/rateLimits';
import { longLived } from './longLived/longLived';
import { outputs } from './outputs';
import { packages } from './packages/packages';
import { queueMode } from './queueMode/queueMode';
import { brokenRow, isRight, printTable, type Row } from './row';

const SCENARIOS: Record<string, () => AsyncGenerator<Row>> = {
	hosts,
	outputs,
	binaryModes,
	networks,
	packages,
	egress,
	rateLimits,
	longLived,
	queueMode,
};

async function main(): Promise<number> {
	const wanted = process.argv[2] ?? '';
	const rows: Row[] = [];
	for (const [name, scenario] of Object.entries(SCENARIOS)) {
		if (!name.toLowerCase().includes(wanted.toLowerCase())) continue;
		try {
			for await (const row of scenario()) note(row, rows);
		} catch (error) {
			console.error(error);
			note(brokenRow(name, error), rows);
		}
	}
	printTable(rows);
	const wrong = rows.filter((row) => !isRight(row)).length;
	console.log(`\n${rows.length - wrong} combinations right, ${wrong} not`);
	return wrong === 0 && rows.length > 0 ? 0 : 1;
}

/** Each row is also shown at once. The table comes at the end. */
function note(row: Row, rows: Row[]): void {
	rows.push(row);
	console.log(`${isRight(row) ? '✓' : '✗'} ${row.host}: ${row.mode} (${row.seconds.toFixed(1)} s)`);
}

/** Exits after everything is printed. A server that was not stopped would keep the process alive. */
function end(code: number): void {
	process.stdout.write('', () => process.exit(code));
}

// Child processes are ended on 'exit', which doesn't happen after a signal without a handler.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().then(end, (error: unknown) => {
	console.error(error);
	end(1);
});
