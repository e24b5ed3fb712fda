import { rateTables } from '../test/support/rateTable';

/** `npm run bench:rates`: prints the tables of docs/performance.md. */
for (const [heads = [], ...rows] of rateTables()) {
	const rule = heads.map((_, column) => (column === 0 ? '---' : '---:'));
	for (const cells of [heads, rule, ...rows]) console.log(`| ${cells.join(' | ')} |`);
	console.log('');
}
