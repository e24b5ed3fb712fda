import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listedPackage, releaseNotes } from '../../../scripts/releaseNotes';
import { runNpm } from '../../support/host/command';

const CHANGELOG = `# Changelog

## 1.2.0

- Something new.

## 1.2.0-beta.1

- Something early.

## 1.1.0

- Something old.
`;
const LISTED = { name: 'n8n-nodes-bitmind', version: '1.2.0', checksum: 'sha512-abc+/==' };

describe('the package of a tarball', () => {
	let folder: string;
	beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'bitmind-release-'))));
	afterAll(async () => await rm(folder, { recursive: true }));

	test("has npm's own checksum", async () => {
		const manifest = { name: 'n8n-nodes-example', version: '3.4.5' };
		await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
		const { stdout } = await runNpm(['pack', '--json'], { cwd: folder });
		const [packed] = JSON.parse(stdout) as [{ filename: string; integrity: string }];
		await expect(listedPackage(join(folder, packed.filename))).resolves.toEqual({
			...manifest,
			checksum: packed.integrity,
		});
	});
});

describe('the text of a release', () => {
	test('has only the changes of the version', () => {
		const notes = releaseNotes(LISTED, CHANGELOG);
		expect(notes).toContain('- Something new.');
		expect(notes).not.toContain('Something early');
		expect(notes).not.toContain('Something old');
		expect(releaseNotes({ ...LISTED, version: '1.1.0' }, CHANGELOG)).toMatch(/^- Something old\./);
	});

	test('has a line that a shell passes to n8n as JSON', () => {
		const line = /^N8N_COMMUNITY_PACKAGES='(.*)'$/m.exec(releaseNotes(LISTED, CHANGELOG));
		expect(JSON.parse(line?.[1] ?? '')).toEqual([LISTED]);
	});

	test('requires a section in the changelog', () => {
		expect(() => releaseNotes({ ...LISTED, version: '2.0.0' }, CHANGELOG)).toThrow('2.0.0');
	});
});
