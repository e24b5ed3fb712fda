import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { N8n } from '../test/support/host/n8n';
import { type Credential, type Workflow, withCredential } from '../test/support/host/workflow';
import { withProjectFolders } from './exampleFolders';

/** The nodes that use a credential, by its type. */
const NODES: Readonly<Record<string, string[]>> = {
	bitMindEnterpriseApi: [
		'n8n-nodes-bitmind.batchImageDetect',
		'n8n-nodes-bitmind.batchVideoDetect',
	],
	smtp: ['n8n-nodes-base.emailSend'],
};

type Imported = Record<string, string>;

/**
 * Imports the examples with the credentials. Leaves out examples that are unchanged since the last import,
 * because users may have edited them in n8n.
 */
export async function importExamples(
	n8n: N8n,
	folder: string,
	credentials: readonly Credential[],
): Promise<void> {
	// Next to n8n's database, so that both are removed together.
	const memory = join(n8n.userFolder, '.n8n', 'imported-examples.json');
	const before = await readMemory(memory);
	const now: Imported = {};
	const changed: Workflow[] = [];
	for (const file of await exampleFiles(folder)) {
		const text = withProjectFolders(await readFile(join(folder, file), 'utf8'));
		now[file] = hash(text);
		if (before[file] === now[file]) continue;
		const workflow = { ...(JSON.parse(text) as Workflow), id: idOf(file), active: false };
		changed.push(withCredentials(workflow, credentials));
	}
	if (changed.length === 0) return;
	await n8n.importWorkflows(changed);
	await writeFile(memory, JSON.stringify(now));
}

export function withCredentials(workflow: Workflow, credentials: readonly Credential[]): Workflow {
	return credentials.reduce(
		(changed, each) => withCredential(changed, each, NODES[each.type] ?? []),
		workflow,
	);
}

async function exampleFiles(folder: string): Promise<string[]> {
	const names = await readdir(folder).catch(() => []);
	return names.filter((name) => name.endsWith('.json')).sort();
}

async function readMemory(path: string): Promise<Imported> {
	const text = await readFile(path, 'utf8').catch(() => '{}');
	return JSON.parse(text) as Imported;
}

/** Always the same for a file, so that a second import replaces the first. */
function idOf(file: string): string {
	return hash(file).slice(0, 16);
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
