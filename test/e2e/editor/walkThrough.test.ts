import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { verdictOf } from '../../support/emulator';
import { Editor } from '../../support/host/editor/browser';
import { ReadmeReader, stepsOf } from '../../support/host/editor/readmeSteps';
import { useBench } from '../bench';

const PROJECT = resolve(__dirname, '../../..');
const README = readFileSync(resolve(PROJECT, 'README.md'), 'utf8');
const EXAMPLE = resolve(PROJECT, 'examples/check-a-folder.json');
const PICTURE = resolve(PROJECT, 'test/fixtures/media/images/hills.jpg');

const bench = useBench();
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(bench.api);
});
afterAll(async () => await editor?.close());

/** The sentence of README with these words. */
function sentenceWith(words: string): string {
	const sentence = README.split(/(?<=[.:;])\s/).find((text) => text.includes(words));
	if (!sentence) throw new Error(`README has no sentence with '${words}'`);
	return sentence;
}

function reader(): ReadmeReader {
	const { apiKey, url } = bench.emulator;
	return new ReadmeReader(editor.page, {
		words: { 'your key': apiKey, 'its address': url },
		file: PICTURE,
	});
}

/** As it is for somebody who has just installed the package. */
async function forgetCredentials(): Promise<void> {
	const { rest } = bench.api;
	for (const { id } of await rest.request<Array<{ id: string }>>('GET', '/rest/credentials')) {
		await rest.request('DELETE', `/rest/credentials/${id}`);
	}
}

test("README's first run, followed step by step, ends with the verdict", async () => {
	await forgetCredentials();
	await editor.openOverview();
	const newcomer = reader();
	await newcomer.follow(stepsOf(README, 'A first run').join('\n'));
	await editor.screenshot('the first run');
	const [request] = bench.emulator.batchRequests;
	const { confidence } = verdictOf(request?.files[0]?.sha256 ?? '');
	expect(newcomer.seen).toEqual({ verdict: 'ai', confidence: String(confidence) });
});

test("n8n's offer after signing in can be declined as README says", async () => {
	const { page } = editor;
	await page.goto(`${bench.api.url}/assistant`, { waitUntil: 'networkidle' });
	await reader().follow(sentenceWith('if n8n offers its assistant'));
	await page.waitForURL(/\/home\/workflows$/);
});

test("the buttons of README's install section are there", async () => {
	await editor.openOverview();
	// The next step would need npm's registry.
	const [toTheEnd = ''] = stepsOf(README, 'Install')
		.join('\n')
		.split(/, and click \*\*Install\*\*/);
	await reader().follow(toTheEnd);
	const install = editor.page.getByRole('button', { name: 'Install', exact: true });
	expect(await install.isEnabled()).toBe(true);
	await editor.screenshot('the install dialog');
});

test('a credential is created with the menu that README names', async () => {
	await editor.openOverview();
	await reader().follow(sentenceWith('**+ → New credential**'));
	await editor.page.getByTestId('credential-edit-dialog').waitFor();
});

test('an example is imported with the menu that README names', async () => {
	await editor.openOverview();
	await reader().follow('Click **+** and choose **New workflow**');
	const chooser = editor.page.waitForEvent('filechooser');
	await reader().follow(sentenceWith('**⋯ → Import → From file**'));
	await (await chooser).setFiles(EXAMPLE);
	await editor.page.getByTestId('canvas-node').first().waitFor();
	expect(await editor.canvas.nodeNames()).toEqual(
		expect.arrayContaining(['Read Files of a Folder', 'Check Images', 'Check Videos']),
	);
});
