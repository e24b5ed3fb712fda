import { setTimeout as sleep } from 'node:timers/promises';
import { image, textFile, type Sample } from '../../support/engine/media';
import { Editor } from '../../support/host/editor/browser';
import { oneOfEach, useExample } from './exampleBench';

const example = useExample('check-an-upload.json');
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(example.bench.api);
});
afterAll(async () => await editor?.close());

/** Uploads files as users do. Returns the text of the last page. */
async function submit(samples: Sample[]): Promise<string> {
	const { page } = editor;
	const url = `${example.bench.shared.url}/form/6a3f1f0e-5c1d-4f51-9a3e-0f6d6c0f1b11`;
	// The workflow was published a moment ago.
	while ((await page.goto(url))?.status() === 404) await sleep(200);
	await page.locator('input[type=file]').setInputFiles(
		samples.map(({ fileName, mimeType = '', content }) => ({
			name: fileName,
			mimeType,
			buffer: content,
		})),
	);
	await page.locator('#submit-btn').click();
	await page.waitForURL(/form-waiting/);
	await page
		.getByText(/AI-generated|could not be checked/)
		.first()
		.waitFor();
	await editor.screenshot(`form ${samples.map(({ fileName }) => fileName).join(' ')}`);
	return await page.locator('body').innerText();
}

test('the form shows the verdicts on the next page', async () => {
	await example.publish(await example.import());
	const { ai, review, authentic } = oneOfEach(image);
	const percent = ({ verdict }: Sample) => `${Math.round(verdict.confidence * 100)} %`;
	const three = await submit([authentic, ai, review]);
	expect(three.trim()).toMatch(/^AI-generated/);
	for (const sample of [authentic, ai, review]) {
		expect(three).toMatch(
			new RegExp(`${sample.fileName}\\s+${percent(sample)} likely AI-generated`),
		);
	}
	expect((await submit([review])).trim()).toMatch(/^Needs review/);
	expect((await submit([authentic])).trim()).toMatch(/^Authentic/);

	const refused = await submit([textFile()]);
	expect(refused).toContain('This could not be checked');
	expect(refused).toContain('not JPEG, PNG or WebP');
	// Details that are only for the workflow's author.
	expect(refused).not.toMatch(/Images_|\[item/);
});
