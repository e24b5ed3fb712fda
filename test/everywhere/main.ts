/** `npm run test:everywhere [-- part of a name]`. Ends with 1 where any row is not as it must be. */
import { binaryModes } from './binaryModes';
import { hosts } from './hosts';
import { networks } from './networks';
import { longLived } from './longLived';
import { queueMode } from './queueMode';
import { isRight, printTable, type Row } from './row';

const SCENARIOS: Record<string, () => AsyncGenerator<Row>> = {
	hosts,
	binaryModes,
	networks,
	longLived,
	queueMode,
};

async function main(): Promise<number> {
	const wanted = process.argv[2] ?? '';
	const rows: Row[] = [];
	for (const [name, scenario] of Object.entries(SCENARIOS)) {
		if (!name.toLowerCase().includes(wanted.toLowerCase())) continue;
		for await (const row of scenario()) {
			rows.push(row);
			console.log(
				`${isRight(row) ? '✓' : '✗'} ${row.host}: ${row.mode} (${row.seconds.toFixed(1)} s)`,
			);
		}
	}
	printTable(rows);
	const wrong = rows.filter((row) => !isRight(row)).length;
	console.log(`\n${rows.length - wrong} combinations right, ${wrong} not`);
	return wrong === 0 && rows.length > 0 ? 0 : 1;
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
