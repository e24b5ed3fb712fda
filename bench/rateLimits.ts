import { rateTable } from '../test/support/rateTable';

/** `npm run bench:rates`: the tables of docs/performance.md. */
for (const measure of ['time', 'requests'] as const) {
	const [heads = [], ...rows] = rateTable(measure);
	const rule = heads.map((_, column) => (column === 0 ? '---' : '---:'));
	for (const cells of [heads, rule, ...rows]) console.log(`| ${cells.join(' | ')} |`);
	console.log('');
}
