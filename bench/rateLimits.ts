import { rateTable } from '../test/support/rateTable';

/** `npm run bench:rates`: the table of docs/performance.md. */
const [heads = [], ...rows] = rateTable();
const rule = heads.map((_, column) => (column === 0 ? '---' : '---:'));
for (const cells of [heads, rule, ...rows]) console.log(`| ${cells.join(' | ')} |`);
