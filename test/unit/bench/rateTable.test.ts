import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rateTable } from '../../support/rateTable';

it('does as docs/performance.md says: `npm run bench:rates` makes the table again', () => {
	const page = readFileSync(join(__dirname, '../../../docs/performance.md'), 'utf8');
	const [, table = ''] = /^(\| limit [^]*?\n)\n/m.exec(page) ?? [];
	const lines = table.trimEnd().split('\n');
	const [heads, , ...rows] = lines.map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()),
	);
	expect([heads, ...rows]).toEqual(rateTable());
});
