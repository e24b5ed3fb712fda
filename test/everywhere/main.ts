/** `npm run test:everywhere [-- part of a name]`. Ends with 1 where any row is not as it must be. */
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

/** Shown at once, too: the table comes when all is over. */
function note(row: Row, rows: Row[]): void {
	rows.push(row);
	console.log(`${isRight(row) ? '✓' : '✗'} ${row.host}: ${row.mode} (${row.seconds.toFixed(1)} s)`);
}

/** When all has been printed. A server that nobody has stopped would keep the process alive. */
function end(code: number): void {
	process.stdout.write('', () => process.exit(code));
}

// What was started ends at this process's 'exit', of which there is none after a bare signal.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().then(end, (error: unknown) => {
	console.error(error);
	end(1);
});
