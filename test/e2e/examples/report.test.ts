import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { image, images, sampleOf, textFile, videos } from '../../support/engine/media';
import { bandOf, WORDS } from '../../support/engine/bands';
import { heicPhoto, named, useExample } from './exampleBench';

const example = useExample('report-on-a-folder.json');

/** The names have the date in n8n's time zone. */
async function reports(): Promise<{ csv: string; html: string }> {
	await example.run(await example.import(), 'Every Morning');
	const folder = join(example.folder, 'reports');
	const [csv = '', html = '', ...others] = readdirSync(folder).sort();
	expect(others).toEqual([]);
	const read = (name: string) => readFileSync(join(folder, name), 'utf8');
	return { csv: read(csv), html: read(html) };
}

const numberAbove = (html: string, word: string) =>
	Number(new RegExp(`<b>(\\d+)</b>${word}`).exec(html)?.[1]);

test('both reports list all files, the most suspicious first, and count them', async () => {
	const samples = [...images(9, 'report'), ...videos(3, 'report')];
	const empty = sampleOf('empty.jpg', Buffer.alloc(0));
	await example.write([...samples, textFile(), empty, heicPhoto()]);
	const { csv, html } = await reports();

	const sorted = samples.sort((a, b) => b.verdict.confidence - a.verdict.confidence);
	const [head = '', ...lines] = csv.trim().split('\n');
	expect(head).toMatch(/^\W*File,Verdict,Confidence,Remark,Request ID$/);
	expect(lines).toHaveLength(samples.length + 3);
	sorted.forEach((sample, index) => {
		const confidence = sample.verdict.confidence.toFixed(4);
		expect(lines[index]).toContain(
			`${sample.fileName},${WORDS[bandOf(sample)]},${confidence},,batch_`,
		);
	});
	expect(lines.at(-3)).toMatch(/^empty.jpg,not checked,,.*is empty/);
	expect(lines.at(-2)).toMatch(/^notes.txt,not checked,,BitMind does not take text\/plain/);
	expect(lines.at(-1)).toMatch(/^photo.heic,not checked,,BitMind does not take image\/heic/);

	const names = [...html.matchAll(/<tr.*?<b>(.*?)<\/b>/g)].map(([, name]) => name);
	const last = ['empty.jpg', 'notes.txt', 'photo.heic'];
	expect(names).toEqual([...sorted.map(({ fileName }) => fileName), ...last]);
	// Only of the images, and inside the report, so that it can be sent by mail.
	const rows = html.split('<tr').slice(2);
	for (const sample of images(9, 'report')) {
		const row = rows.find((each) => each.includes(`<b>${sample.fileName}</b>`));
		expect(row).toMatch(/<img [^>]*src="data:image\/\w+;base64,[\w+/]{100}/);
	}
	expect(html).not.toMatch(/https?:/);
	const count = (band: string) => samples.filter((sample) => bandOf(sample) === band).length;
	expect(numberAbove(html, 'files')).toBe(samples.length + 3);
	expect(numberAbove(html, 'AI-generated')).toBe(count('ai'));
	expect(numberAbove(html, 'need review')).toBe(count('review'));
	expect(numberAbove(html, 'authentic')).toBe(count('authentic'));
	expect(numberAbove(html, 'not checked')).toBe(3);
});

test('a file name is plain text to a browser, a spreadsheet and n8n', async () => {
	const strange = [
		`<img src=x onerror='alert(1)'> {{ $json.total }} $& $'.jpg`,
		'=HYPERLINK(1).jpg',
		'a, "quoted" name.jpg',
	];
	await example.write(strange.map((name) => named(image(name), name)));
	const { csv, html } = await reports();
	const text = html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
	for (const name of [strange[0], strange[2]]) expect(text).toContain(`<b>${name}</b>`);
	expect(html).not.toContain('<img src=x');
	expect(csv).toContain("'=HYPERLINK(1).jpg,");
	expect(csv).toContain('"a, ""quoted"" name.jpg",');
});
