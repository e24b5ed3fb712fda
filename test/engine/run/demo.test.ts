import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bandOf, WORDS } from '../../support/engine/bands';
import { sampleOf } from '../../support/engine/media';

const PROJECT = resolve(__dirname, '../../..');

/**
 * The exit code and the output of the demo. It runs in a temporary folder, which shows what it leaves
 * behind.
 */
async function run(command: string, args: string[]) {
	const temporary = await mkdtemp(join(tmpdir(), 'bitmind-demo-test-'));
	const env = { ...process.env, TMPDIR: temporary, HOME: temporary, TSX_DISABLE_CACHE: '1' };
	try {
		return await new Promise<{ code: unknown; output: string; left: string[] }>((done) => {
			execFile(command, args, { cwd: PROJECT, env }, (error, stdout, stderr) => {
				const left = readdirSync(temporary);
				done({ code: error ? error.code : 0, output: stdout + stderr, left });
			});
		});
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

const demo = (...args: string[]) =>
	run(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', ...args]);

// The demo uses the nodes from dist, as n8n does.
beforeAll(async () => {
	const { code, output } = await run('npm', ['run', '--silent', 'build']);
	if (code !== 0) throw new Error(output);
}, 120_000);

test('the demo shows each sample with its own verdict, leaves nothing behind, and exits with 0', async () => {
	const { code, output, left } = await demo();
	for (const kind of ['images', 'videos']) {
		const folder = join(PROJECT, 'test', 'fixtures', 'media', kind);
		for (const name of readdirSync(folder)) {
			const sample = sampleOf(name, readFileSync(join(folder, name)));
			const { confidence } = sample.verdict;
			const verdict = WORDS[bandOf(sample)];
			expect(output.split('\n')).toContainEqual(
				expect.stringMatching(
					new RegExp(`^  ${name} +${verdict} +${confidence.toFixed(4)} +\\S+$`),
				),
			);
		}
	}
	expect(output).toMatch(/^11 files in 2 requests and [\d.]+ s: \d+ AI-generated, /m);
	expect(code).toBe(0);
	expect(left).toEqual([]);
}, 60_000);

describe('files of the user', () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'bitmind-demo-files-'));
		const sample = join(PROJECT, 'test', 'fixtures', 'media', 'images', 'hills.jpg');
		await copyFile(sample, join(folder, 'hills.jpg'));
		await writeFile(join(folder, 'empty.jpg'), '');
		await writeFile(join(folder, 'notes.txt'), 'Not a picture.');
	});
	afterAll(async () => await rm(folder, { recursive: true, force: true }));

	test("a file that can't be checked has a row with the reason", async () => {
		const { code, output } = await demo(folder);
		expect(output).toMatch(/hills\.jpg +AI-generated +0\.9801 /);
		expect(output).toMatch(/empty\.jpg +not checked +The file 'empty\.jpg' .*is empty/);
		expect(output).toMatch(/notes\.txt +not checked +neither an image nor a video$/m);
		expect(output).toMatch(/^3 files in 1 request and .* 1 AI-generated, 2 not checked$/m);
		expect(code).toBe(0);
	}, 60_000);

	test('a pattern that the shell has expanded works, too', async () => {
		const { output } = await demo(join(folder, 'hills.jpg'), join(folder, 'empty.jpg'));
		expect(output).toMatch(/^2 files in 1 request and /m);
	}, 60_000);

	test('a pattern without files gives a message', async () => {
		const { code, output } = await demo(join(folder, '*.png'));
		expect(output).toContain(`No file matches '${join(folder, '*.png')}'.`);
		expect(output).not.toContain('0 files');
		expect(code).toBe(1);
	}, 60_000);
});

test('no example contains a credential or a host name', () => {
	const folder = join(PROJECT, 'examples');
	for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
		const text = readFileSync(join(folder, name), 'utf8');
		const { nodes, connections } = JSON.parse(text) as {
			nodes: Array<{ name: string }>;
			connections: object;
		};
		expect(text).not.toMatch(/"credentials"|\/home\/|\/root\/|localhost|instanceId/);
		const names = nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		for (const [from, to] of Object.entries(connections)) {
			expect(names).toContain(from);
			for (const { node } of to.main.flat()) expect(names).toContain(node);
		}
	}
});
