import { images, videos, type Sample } from '../../support/engine/media';
import { Editor } from '../../support/host/editor/browser';
import { WebServer, type Page } from '../../support/servers/webServer';
import { bandOf, WORDS } from '../../support/engine/bands';
import { useExample } from './exampleBench';

const TABLE = 'BitMind links';
const example = useExample('a-list-of-links.json', [TABLE]);
const samples = [...images(12, 'links'), ...videos(3, 'links')];
let web: WebServer;
beforeAll(async () => {
	const pageOf = (sample: Sample, index: number): [string, Page] => [
		`/${index}`,
		{ content: sample.content, type: sample.mimeType ?? '' },
	];
	web = await WebServer.start({
		...Object.fromEntries(samples.map(pageOf)),
		'/page': { content: '<html>A page about a picture</html>', type: 'text/html' },
	});
});
afterAll(async () => await web?.close());

test('each row gets the verdict on its link, or the reason why it has none', async () => {
	const id = await example.import();
	// The first run creates the table.
	await example.run(id, 'Every Hour');
	const links = [...samples.keys()].map((index) => `${web.url}/${index}`);
	const others = [`${web.url}/page`, `${web.url}/nothing`, 'no link at all'];
	await example.tables.add(
		TABLE,
		[...others, ...links].map((link) => ({ link })),
	);
	await example.run(id, 'Every Hour');

	const checkedAt = expect.any(String);
	expect(await example.tables.rows(TABLE)).toMatchObject([
		{ verdict: 'not checked', remark: 'BitMind does not take text/html' },
		{ verdict: 'not checked', remark: expect.stringContaining('404') },
		{ verdict: 'not checked', remark: expect.stringContaining('Invalid URL') },
		...samples.map((sample, index) => {
			const { confidence } = sample.verdict;
			return { link: links[index], verdict: WORDS[bandOf(sample)], confidence, checkedAt };
		}),
	]);
	expect(example.bench.emulator.batchRequests.map(({ files }) => files.length)).toEqual([12, 3]);

	// Links with a verdict are not checked again.
	await example.run(id, 'Every Hour');
	expect(example.bench.emulator.batchRequests).toHaveLength(2);
});

test('after an outage, the rows are tried again', async () => {
	const id = await example.import((workflow) => workflow.dontRetry());
	await example.run(id, 'Every Hour');
	await example.tables.add(TABLE, [{ link: `${web.url}/0` }, { link: `${web.url}/page` }]);
	example.outage();
	await example.run(id, 'Every Hour');
	const [picture, page] = await example.tables.rows(TABLE);
	expect(picture).toMatchObject({ verdict: '', remark: expect.stringContaining('503') });
	expect(page).toMatchObject({ verdict: 'not checked' });
	example.bench.emulator.reset();
	await example.run(id, 'Every Hour');
	const { confidence } = samples[0]!.verdict;
	expect((await example.tables.rows(TABLE))[0]).toMatchObject({ confidence, remark: '' });
});

test('links are added on a page', async () => {
	await example.publish(await example.import());
	const editor = await Editor.open(example.bench.api);
	try {
		const { page } = editor;
		const paste = async (text: string) => {
			await page.goto(`${example.bench.api.url}/form/bitmind-links`);
			const textarea = page.locator('textarea');
			const allow = page.getByRole('button', { name: 'Allow access' });
			await textarea.or(allow).first().waitFor();
			if (await allow.isVisible()) await allow.click();
			await textarea.fill(text);
			await page.getByRole('button', { name: 'Add' }).click();
			await page.getByText('links added').waitFor();
			return await page.locator('body').innerText();
		};
		const links = ['https://a.example/1.jpg', 'http://b.example/2.png', 'https://c.example/3.mp4'];
		expect(await paste(`${links[0]}\n  ${links[1]} ${links[2]}\n`)).toContain('3 links added');
		expect(await paste('nothing of the kind')).toContain('0 links added');
		expect(await example.tables.rows(TABLE)).toMatchObject(links.map((link) => ({ link })));
	} finally {
		await editor.close();
	}
});
