import { resolve } from 'node:path';
import { images } from '../../support/engine/media';
import { chain } from '../../support/engine/workflows';
import { Editor } from '../../support/host/editor/browser';
import { expectVerdicts, IMAGE, readFiles, startNode, useBench } from '../bench';
import { itemsOf } from '../../support/host/runOutput';

const bench = useBench();
const EXAMPLE = resolve(__dirname, '../../../examples/check-a-folder.json');
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(bench.api);
});
afterAll(async () => await editor?.close());

/** As it is for somebody who has just installed the package. */
async function forgetCredentials(): Promise<void> {
	const { rest } = bench.api;
	for (const { id } of await rest.request<Array<{ id: string }>>('GET', '/rest/credentials')) {
		await rest.request('DELETE', `/rest/credentials/${id}`);
	}
}

async function openWorkflow(pattern: string): Promise<void> {
	const workflow = chain([startNode(), readFiles(pattern)]);
	workflow.nodes.forEach((node, index) => (node.position = [index * 240, 0]));
	const id = await bench.api.createWorkflow({ name: 'The first one', ...workflow });
	await editor.openWorkflow(id);
}

test('from the search by way of the credential to the verdicts', async () => {
	await forgetCredentials();
	const samples = images(3);
	await openWorkflow(await bench.write(samples));
	await editor.canvas.addNodeAfter('Read Files', 'deepfake', IMAGE);
	await editor.screenshot('walk 1 a node that was added');

	const form = await editor.panel.createCredential();
	await form.fill('apiKey', 'enterprise-mistyped');
	await form.fill('baseUrl', bench.emulator.url);
	expect((await form.save()).status).toBe('Error');
	await expect(form.problem()).resolves.toContain('BitMind did not accept the credential');
	await editor.screenshot('walk 2 a mistyped key');
	await form.fill('apiKey', bench.emulator.apiKey);
	expect((await form.save()).status).toBe('OK');
	await editor.screenshot('walk 3 a credential that works');

	await editor.closeNode();
	const run = await editor.executeWorkflow();
	expect(run.status).toBe('success');
	expectVerdicts(itemsOf(run, IMAGE), samples);
	await editor.openNode(IMAGE);
	const rows = await editor.panel.outputTable();
	await editor.screenshot('walk 4 the verdicts');
	expect(rows.map(({ isAI, confidence }) => ({ isAI, confidence }))).toEqual(
		samples.map(({ verdict: { isAI, confidence } }) => ({
			isAI: String(isAI),
			confidence: String(confidence),
		})),
	);
});

test('an example is imported from its file', async () => {
	await openWorkflow('none');
	await editor.canvas.importFile(EXAMPLE);
	await editor.screenshot('walk 5 an example imported');
	expect(await editor.canvas.nodeNames()).toEqual(
		expect.arrayContaining(['Read Files of a Folder', 'Check Images', 'Check Videos']),
	);
});
