/**
 * `npm run screenshots`: takes all pictures of the documentation in the real editor.
 * `npm run screenshots -- nodes` leaves out those of the examples.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmulator } from '../test/support/emulator';
import { Editor } from '../test/support/host/editor/browser';
import { installHost } from '../test/support/host/install/install';
import { N8n } from '../test/support/host/n8n';
import { installPackage, packProject } from '../test/support/host/install/pack';
import { prepareFolders } from './exampleFolders';
import { ExamplePictures } from './examplePictures';
import { NodePictures } from './nodePictures';

const PROJECT = resolve(__dirname, '..');
const PICTURES = join(PROJECT, 'docs', 'images');

async function main(): Promise<void> {
	const host = await installHost('2.41.1', console.log);
	const files = await mkdtemp(join(tmpdir(), 'bitmind-pictures-'));
	const readableFolders = [files, ...(await prepareFolders(PROJECT))];
	const emulator = await startEmulator();
	const n8n = await N8n.create({ host, workingFolder: PROJECT, readableFolders });
	try {
		await mkdir(PICTURES, { recursive: true });
		await installPackage(await packProject(), n8n.userFolder);
		await n8n.start();
		const nodeTypes = await n8n.api.nodeTypes('n8n-nodes-bitmind');
		const nodeType = nodeTypes.find(({ displayName }) => displayName === 'Batch Image Detect');
		if (!nodeType) throw new Error('n8n has not loaded the nodes');
		const credential = await n8n.api.createCredential({
			name: 'BitMind',
			type: 'bitMindEnterpriseApi',
			data: { authentication: 'apiKey', apiKey: emulator.apiKey, baseUrl: emulator.url },
		});
		const editor = await Editor.open(n8n.api);
		try {
			await new NodePictures({ n8n, emulator, editor, credential, files, nodeType }).takeAll();
		} catch (error) {
			console.error(await editor.screenshot('where it went wrong'));
			throw error;
		} finally {
			await editor.close();
		}
		if (process.argv[2] !== 'nodes') await ExamplePictures.take(n8n, credential, files);
	} finally {
		await n8n.stop();
		await emulator.close();
		await rm(files, { recursive: true, force: true });
	}
}

void main();
