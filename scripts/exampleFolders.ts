import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const IMAGES = 'test/fixtures/media/images';

/** The folders in the examples, and those in this project that replace them. */
const FOLDERS: Readonly<Record<string, string>> = {
	'/files/inbox/*': 'test/fixtures/media/{images,videos}/*',
	'/files/real/*': `${IMAGES}/{balloon.webp,hills.jpg,portrait.webp}`,
	'/files/ai/*': `${IMAGES}/{pottery.png,still-life.jpg,street.png}`,
	'"/files/reports"': '".n8n-dev/reports"',
	'/files/waiting/': '.n8n-dev/waiting/',
};

/** The folders that the examples write to. */
const WRITTEN = ['.n8n-dev/reports', '.n8n-dev/waiting'];

/** The JSON of an example, with folders of this project. */
export function withProjectFolders(example: string): string {
	return Object.entries(FOLDERS).reduce(
		(text, [theirs, ours]) => text.replaceAll(theirs, ours),
		example,
	);
}

/** Makes the folders that the examples write to. Returns all folders that n8n must be allowed to use. */
export async function prepareFolders(project: string): Promise<string[]> {
	const written = WRITTEN.map((folder) => join(project, folder));
	for (const folder of written) await mkdir(folder, { recursive: true });
	return [join(project, 'test', 'fixtures', 'media'), ...written];
}
