import { images, textFile } from '../../support/engine/media';
import { chain, node, type NodeSettings, type WorkflowJson } from '../../support/engine/workflows';
import { Editor } from '../../support/host/editor/browser';
import { itemsOf } from '../../support/host/runOutput';
import { expectVerdicts, IMAGE, readFiles, startNode, useBench } from '../bench';

const bench = useBench();
/** A line of n8n's table is about 20 pixels high. */
const TWO_LINES_PX = 36;
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(bench.api);
});
afterAll(async () => await editor?.close());

async function open(nodes: Parameters<typeof chain>[0]): Promise<void> {
	await openWorkflow(chain([startNode(), ...nodes]));
}

async function openWorkflow(workflow: WorkflowJson): Promise<void> {
	// Side by side, so that every node can be seen and clicked.
	workflow.nodes.forEach((node, index) => (node.position[0] ||= index * 240));
	const id = await bench.api.createWorkflow({ name: 'In the editor', ...workflow });
	await editor.openWorkflow(id);
}

test('a workflow runs in the editor, and the node shows its result and can be run alone', async () => {
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
	expect(shown).toContain("notes.txt' in 'data' is plain text, not JPEG, PNG or WebP.");
});

test.each<[string, NodeSettings, string[]]>([
	['each verdict', {}, []],
	['each verdict and for errors', { onError: 'continueErrorOutput' }, ['Error']],
])('a node that routes has a labeled output for %s', async (_, settings, more) => {
	const samples = [...images(24), ...more.map(() => textFile())];
	const labels = ['AI Generated', 'Review', 'Authentic', ...more];
	const detect = bench.imageNode({ routeByVerdict: true }, settings);
	const workflow = chain([startNode(), readFiles(await bench.write(samples)), detect]);
	const ends = labels.map((label, index) =>
		node('n8n-nodes-base.noOp', `To ${label}`, {}, { position: [860, 200 * index - 300] }),
	);
	workflow.nodes.push(...ends);
	const main = ends.map(({ name }) => [{ node: name, type: 'main' as const, index: 0 }]);
	workflow.connections[IMAGE] = { main };
	await openWorkflow(workflow);
	const run = await editor.executeWorkflow();
	await editor.screenshot(`routes for ${labels.length}`);
	expect(await editor.canvas.outputLabels(IMAGE)).toEqual(labels);
	const counts = ends.map(({ name }, output) => [name, itemsOf(run, IMAGE, output).length]);
	expect(counts.every(([, count]) => count !== 0)).toBe(true);
	const shown = counts.map(([name, count]) => [name, `${count} item${count === 1 ? '' : 's'}`]);
	expect(await editor.canvas.itemCounts(IMAGE)).toEqual(Object.fromEntries(shown));
});

test('a hint above the output says that requests were retried', async () => {
	bench.emulator.misbehave(({ index }) =>
		index === 0 ? { kind: 'status', status: 503 } : undefined,
	);
	await open([readFiles(await bench.write(images(4))), bench.imageNode()]);
	await editor.executeWorkflow();
	await editor.openNode(IMAGE);
	await editor.screenshot('a hint');
	expect(await editor.panel.hints()).toEqual([
		expect.stringMatching(/^4 images checked: .*; 1 of 2 requests was a retry\.$/),
	]);
	await editor.closeNode();
});

test('the list has all options, first those for moderators, then those for administrators', async () => {
	await open([bench.imageNode()]);
	await editor.openNode(IMAGE);
	const names = await editor.panel.optionNames();
	await editor.screenshot('the options');
	expect(names).toEqual([
		'Include Evidence',
		'Include Files',
		'Include Input Fields',
		'Output Field',
		'Remember Verdicts (Days)',
		'Send Identical Files Once',
		'Threshold for AI Generated',
		'Threshold for Review',
		'Batch Size',
		'Concurrent Requests',
		'Max Request Size (MB)',
		'Max Retries',
		'Requests per Minute',
		'Timeout (Seconds)',
	]);
	await editor.page.keyboard.press('Escape');
	await editor.closeNode();
});

test('a new node shows its verdicts first, with one line for each of fifty images', async () => {
	const samples = images(50);
	const detect = bench.imageNode({ options: { includeFiles: false } }, { typeVersion: 1.1 });
	await open([readFiles(await bench.write(samples)), detect]);
	await editor.executeWorkflow();
	await editor.openNode(IMAGE);
	const rows = await editor.panel.outputTable();
	await editor.screenshot('a table of fifty images');
	expect(Object.keys(rows[0] ?? {}).slice(0, 4)).toEqual([
		'isAI',
		'confidence',
		'verdict',
		'bitMind',
	]);
	// n8n shows 25 rows on a page.
	expect(rows.map(({ isAI }) => isAI)).toEqual(
		samples.slice(0, 25).map(({ verdict }) => String(verdict.isAI)),
	);
	// Names of files and folders in the item's own fields may be longer.
	const cells = await editor.page.getByTestId('output-panel').locator('.n8n-tree').all();
	const heights = await Promise.all(cells.map(async (cell) => (await cell.boundingBox())?.height));
	expect(cells).toHaveLength(25);
	expect(Math.max(...heights.map(Number))).toBeLessThan(TWO_LINES_PX);
	expect(await editor.panel.hints()).toEqual([expect.stringMatching(/^50 images checked: /)]);
	await editor.closeNode();
});

test('both thresholds are below the switch for routing, and a percentage gets a message', async () => {
	await open([readFiles(await bench.write(images(1))), bench.imageNode({}, { typeVersion: 1.1 })]);
	await editor.openNode(IMAGE);
	const { page } = editor;
	const field = (name: string) => page.getByTestId(`parameter-input-${name}`);
	expect(await field('aiThreshold').count()).toBe(0);
	await field('routeByVerdict').locator('.el-switch').click();
	await field('reviewThreshold').waitFor();
	await field('aiThreshold').locator('input').fill('80');
	await page.keyboard.press('Tab');
	await editor.screenshot('both thresholds');
	await editor.closeNode();
	const run = await editor.executeWorkflow();
	expect(run.data.resultData.error?.message).toBe(
		"'Threshold for AI Generated' must be a number from 0 to 1: 0.8 for 80% [item 0]",
	);
});

test('the credential dialog shows that the credential works', async () => {
	const result = await editor.openCredential(bench.credential.id);
	expect(result).toEqual({ status: 'OK', message: 'Connection successful as Emulator Client' });
	await editor.screenshot('credential that works');
});

test("the credential dialog says why the credential doesn't work", async () => {
	const wrong = await bench.createCredential({ authentication: 'apiKey', apiKey: 'wrong-key' });
	const result = await editor.openCredential(wrong.id);
	expect(result.message).toMatch(/^BitMind did not accept the credential/);
	await editor.screenshot('credential that does not work');
});
