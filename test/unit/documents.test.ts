import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../..');
const FOLDERS = ['.', 'docs', 'examples', 'examples/docker', 'bench'];

const documents = FOLDERS.flatMap((folder) =>
	readdirSync(join(PROJECT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(folder, name)),
);

/** The anchor that GitHub makes of a heading. */
function anchorOf(heading: string): string {
	const text = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
	return text.trim().replaceAll(' ', '-');
}

it.each(documents)('%s: every link within the project has a target', (document) => {
	const text = readFileSync(join(PROJECT, document), 'utf8');
	const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
	const broken = links.filter((link) => {
		const [path = '', anchor] = link.split('#');
		const target = path ? join(PROJECT, dirname(document), path) : join(PROJECT, document);
		if (!existsSync(target)) return true;
		if (anchor === undefined) return false;
		const headings = readFileSync(target, 'utf8').match(/^#+ .*$/gm) ?? [];
		return !headings.some((heading) => anchorOf(heading.replace(/^#+ /, '')) === anchor);
	});
	expect(broken).toEqual([]);
});

it('README can be read in ten minutes', () => {
	const words = readFileSync(join(PROJECT, 'README.md'), 'utf8').trim().split(/\s+/);
	expect(words.length).toBeLessThan(1_800);
});

it('every picture of the documentation is used', () => {
	const texts = documents.map((document) => readFileSync(join(PROJECT, document), 'utf8')).join();
	const pictures = readdirSync(join(PROJECT, 'docs', 'images'));
	expect(pictures.filter((picture) => !texts.includes(`images/${picture}`))).toEqual([]);
});

it("every action in GitHub's workflows is pinned by commit, with its version", () => {
	const folder = join(PROJECT, '.github', 'workflows');
	const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
	const uses = texts.flatMap((text) => text.match(/uses: .*$/gm) ?? []);
	expect(uses.length).toBeGreaterThan(5);
	expect(uses.filter((line) => !/@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});
