import { images, textFile } from '../engine/media';
import { chain } from '../engine/workflows';
import { Editor } from '../host/browser';
import { itemsOf } from '../host/runOutput';
import { expectVerdicts, IMAGE, readFiles, startNode, useBench, VIDEO } from './bench';

const bench = useBench();
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(bench.api);
});
afterAll(async () => await editor?.close());

async function open(nodes: Parameters<typeof chain>[0]): Promise<void> {
	const workflow = chain([startNode(), ...nodes]);
	// Beside each other, so that every node can be seen and clicked.
	workflow.nodes.forEach((node, index) => (node.position = [index * 240, 0]));
	const id = await bench.api.createWorkflow({ name: 'In the editor', ...workflow });
	await editor.openWorkflow(id);
}

// Nodes of the category 'AI' are found by no search of n8n's, so ours must not name it.
test.each(['deepfake', 'AI detection', 'moderation', 'AI-generated', 'synthetic', 'bitmind'])(
	'a search for %p finds both nodes',
	async (text) => {
		await open([]);
		const found = await editor.searchNodeCreator(text);
		await editor.screenshot(`search ${text}`);
		expect(found).toEqual(expect.arrayContaining([IMAGE, VIDEO]));
		await editor.closeNodeCreator();
	},
);

test('a workflow runs from the editor, the node shows its result, and runs again alone', async () => {
	const samples = images(12);
	await open([readFiles(await bench.write(samples)), bench.imageNode()]);
	const run = await editor.executeWorkflow();
	expect(run.status).toBe('success');
	expectVerdicts(itemsOf(run, IMAGE), samples);
	await editor.screenshot('canvas after a run');
	await editor.openNode(IMAGE);
	const panel = editor.page.getByTestId('ndv');
	await expect(panel.innerText()).resolves.toContain('Input Binary Field');
	await editor.screenshot('node panel');
	const step = await editor.executeStep();
	expectVerdicts(itemsOf(step, IMAGE), samples);
	expect(bench.emulator.batchRequests).toHaveLength(2);
	await editor.closeNode();
});

test('a file that is refused is named on the screen', async () => {
	await open([readFiles(await bench.write([...images(2), textFile()])), bench.imageNode()]);
	const run = await editor.executeWorkflow();
	expect(run.status).toBe('error');
	await editor.screenshot('a refused file');
	const shown = (await editor.notifications()).join('\n');
	expect(shown).toContain("notes.txt' in 'data' is not JPEG, PNG or WebP [item 2]");
});

test('the credential dialog shows that the credential works', async () => {
	const result = await editor.openCredential(bench.credential.id);
	expect(result).toEqual({ status: 'OK', message: 'Connection successful as Emulator Client' });
	await editor.screenshot('credential that works');
});

test('the credential dialog says why it does not', async () => {
	const wrong = await bench.createCredential({ authentication: 'apiKey', apiKey: 'wrong-key' });
	const result = await editor.openCredential(wrong.id);
	expect(result.message).toMatch(/^BitMind did not accept the credential/);
	await editor.screenshot('credential that does not work');
});
