import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../..');
const FOLDERS = ['.', 'docs', 'examples', 'examples/docker', 'bench'];

const documents = FOLDERS.flatMap((folder) =>
	readdirSync(join(PROJECT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(folder, name)),
);

/** As GitHub makes them. */
function anchorOf(heading: string): string {
	const text = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
	return text.trim().replaceAll(' ', '-');
}

it.each(documents)('%s: every link within the project leads somewhere', (document) => {
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

it('every picture of the documentation is shown somewhere', () => {
	const texts = documents.map((document) => readFileSync(join(PROJECT, document), 'utf8')).join();
	const pictures = readdirSync(join(PROJECT, 'docs', 'images'));
	expect(pictures.filter((picture) => !texts.includes(`images/${picture}`))).toEqual([]);
});
