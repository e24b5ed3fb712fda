import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from '../../support/host/command';

const PROJECT = join(__dirname, '../../..');

it('gives the tables in docs/performance.md, which `npm run bench:rates` prints', async () => {
	const page = readFileSync(join(PROJECT, 'docs/performance.md'), 'utf8');
	const { stdout } = await runNpm(['run', '--silent', 'bench:rates'], { cwd: PROJECT });
	for (const measure of ['time', 'requests']) {
		const table = tableOf(page, measure);
		expect(table.length).toBeGreaterThan(5);
		expect(table).toEqual(tableOf(stdout, measure));
	}
});

/** The cells of the Markdown table with this heading, without padding. */
function tableOf(text: string, measure: string): string[][] {
	const [, table = ''] = new RegExp(`^(\\| ${measure} [^]*?\\n)\\n`, 'm').exec(text) ?? [];
	const [heads = '', , ...rows] = table.trimEnd().split('\n');
	return [heads, ...rows].map((line) => line.split('|').map((cell) => cell.trim()));
}
