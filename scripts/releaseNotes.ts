/**
 * `tsx scripts/releaseNotes.ts <tarball>`: prints the notes of a release, for `gh release create
 * --notes-file`.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { integrityOf, manifestOf } from '../test/support/host/install/tarball';

const PROJECT = resolve(__dirname, '..');

/** A package as in N8N_COMMUNITY_PACKAGES. */
export interface ListedPackage {
	name: string;
	version: string;
	checksum: string;
}

export async function listedPackage(tarball: string): Promise<ListedPackage> {
	const { name, version } = await manifestOf(tarball);
	return { name, version, checksum: await integrityOf(tarball) };
}

/** @throws if the changelog has no section for the version */
export function releaseNotes(listed: ListedPackage, changelog: string): string {
	const { name, version, checksum } = listed;
	return `${sectionOf(changelog, version)}

## Install

In n8n: **Settings → Community nodes → Install**, \`${name}\`.

With n8n's settings, version and checksum pinned (n8n 2.21 and later):

\`\`\`sh
N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV=true
N8N_COMMUNITY_PACKAGES='${JSON.stringify([listed])}'
\`\`\`

n8n then uninstalls each package that is not on this list.

Checksum of the tarball, npm's \`dist.integrity\`: \`${checksum}\`
`;
}

function sectionOf(changelog: string, version: string): string {
	const sections = changelog.split(/^## /m);
	const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
	if (section === undefined) throw new Error(`CHANGELOG.md has no section for ${version}`);
	return section.slice(section.indexOf('\n')).trim();
}

async function main(): Promise<void> {
	const [tarball] = process.argv.slice(2);
	if (!tarball) throw new Error('Name the tarball of the release');
	const changelog = await readFile(join(PROJECT, 'CHANGELOG.md'), 'utf8');
	process.stdout.write(releaseNotes(await listedPackage(tarball), changelog));
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
}
