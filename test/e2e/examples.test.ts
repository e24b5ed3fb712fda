import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IBinaryData, INodeExecutionData, IRun } from 'n8n-workflow';
import { poison } from '../support/emulator';
import { image, images, sampleOf, textFile, video, type Sample } from '../support/engine/media';
import { Editor } from '../support/host/browser';
import { itemsOf } from '../support/host/runOutput';
import { withCredential, type Workflow } from '../support/host/workflow';
import { useBench } from './bench';

const bench = useBench();
const EXAMPLES = resolve(__dirname, '../../examples');
const OUR_NODES = ['n8n-nodes-bitmind.batchImageDetect', 'n8n-nodes-bitmind.batchVideoDetect'];

const published: string[] = [];
afterEach(async () => {
	for (const id of published.splice(0)) await bench.api.unpublish(id);
});

function read(file: string): Workflow {
	return JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Workflow;
}

async function importExample(file: string, change: (workflow: Workflow) => void = () => {}) {
	const workflow = withCredential(read(file), bench.credential, OUR_NODES);
	change(workflow);
	const id = await bench.api.createWorkflow(workflow);
	return { id, workflow };
}

async function publish(file: string): Promise<void> {
	const { id } = await importExample(file);
	await bench.api.publish(id);
	published.push(id);
}

const set = ({ nodes }: Workflow, node: string, change: (parameters: any) => void): void => {
	change(nodes.find(({ name }) => name === node)?.parameters);
};

const jsonOf = (run: IRun, node: string, output = 0) =>
	itemsOf(run, node, output).map(({ json }) => json);

const bandOf = ({ verdict: { confidence } }: Sample, reviewFrom: number, aiFrom: number) =>
	confidence >= aiFrom ? 'ai' : confidence >= reviewFrom ? 'review' : 'authentic';

/** Files of whose verdicts there is one in each band. */
function oneOfEach(make: (seed: string) => Sample, reviewFrom: number, aiFrom: number) {
	const found: Record<string, Sample> = {};
	for (let n = 0; Object.keys(found).length < 3; n++) {
		const sample = make(`band ${n}`);
		found[bandOf(sample, reviewFrom, aiFrom)] ??= sample;
	}
	return found as Record<'ai' | 'review' | 'authentic', Sample>;
}

describe.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.json')))('%s', (file) => {
	const { name, nodes, connections } = read(file);
	const working = nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');

	test("is a template: named, explained, with nobody else's data in it", () => {
		expect(name).toMatch(/^BitMind: /);
		expect(nodes.length).toBeGreaterThan(working.length);
		const text = readFileSync(join(EXAMPLES, file), 'utf8');
		expect(text).not.toMatch(/"credentials"|instanceId|pinData|127\.0\.0\.1|\/root|\/home/);
		const names = nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		const ids = nodes.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('has no node that leads nowhere', () => {
		const targets = Object.values(connections).flatMap(({ main }) =>
			(main ?? []).flatMap((output) => (output ?? []).map(({ node }) => node)),
		);
		const [start] = working;
		for (const { name } of working) {
			if (name !== start?.name) expect(targets).toContain(name);
		}
		for (const detect of working.filter(({ type }) => OUR_NODES.includes(type))) {
			const outputs = detect.parameters.routeByVerdict ? 3 : 1;
			const errors = detect.onError === 'continueErrorOutput' ? 1 : 0;
			const connected = connections[detect.name]?.main ?? [];
			// The end of the simplest example is what people look at.
			if (connected.length > 0) expect(connected).toHaveLength(outputs + errors);
		}
	});
});

test('check-a-folder.json: every file of the folder has its verdict', async () => {
	const samples = [...images(3), ...videos3()];
	const files = await bench.write(samples);
	const { id } = await importExample('check-a-folder.json', (workflow) =>
		set(workflow, 'Read Files of a Folder', (parameters) => (parameters.fileSelector = files)),
	);
	const run = await bench.api.runWorkflow(id, 'When clicking ‘Execute workflow’');
	expect(run.status).toBe('success');
	expect(jsonOf(run, 'Check Videos')).toMatchObject(samples.map(({ verdict }) => verdict));
});

const videos3 = () => ['a', 'b', 'c'].map((seed) => video(seed));

test('report-on-a-folder.json: both reports have a row for each file, broken ones too', async () => {
	const { ai, authentic } = oneOfEach(image, 0.35, 0.65);
	const samples = [ai, authentic, video(), textFile(), sampleOf('empty.jpg', Buffer.alloc(0))];
	const files = await bench.write(samples);
	const reports = join(bench.shared.filesFolder, 'reports');
	await mkdir(reports, { recursive: true });
	const { id } = await importExample('report-on-a-folder.json', (workflow) =>
		set(workflow, 'Which Folders', ({ assignments: { assignments } }) => {
			for (const one of assignments) one.value = one.name === 'files' ? files : reports;
		}),
	);
	const run = await bench.api.runWorkflow(id, 'Every Morning');
	expect(run.data.resultData.error).toBeUndefined();
	expect(run.status).toBe('success');

	// Named by the day that it is in n8n's time zone.
	const [csv = '', html = '', ...others] = await Promise.all(
		readdirSync(reports)
			.sort()
			.map((name) => readFile(join(reports, name), 'utf8')),
	);
	expect(others).toEqual([]);
	await rm(reports, { recursive: true });
	const lines = csv.trim().split('\n');
	expect(lines[0]).toMatch(/^\W*File,Verdict,Confidence,Remark,Request ID$/);
	expect(lines).toHaveLength(1 + samples.length);
	expect(lines[1]).toContain(`AI-generated,${ai.verdict.confidence.toFixed(4)}`);
	expect(lines[2]).toContain(`authentic,${authentic.verdict.confidence.toFixed(4)}`);
	expect(lines[4]).toContain('neither image nor video');
	expect(lines[5]).toMatch(/not checked.*is empty/);
	expect(html).toContain('<table');
	expect(html.match(/<tr/g)).toHaveLength(1 + samples.length);
});

test('check-an-upload.json: the form answers with the verdict on the next page', async () => {
	await publish('check-an-upload.json');
	const { ai } = oneOfEach(image, 0.35, 0.65);
	const page = await submitForm(ai);
	expect(page).toContain('Probably AI-generated');
	expect(page).toContain(`${Math.round(ai.verdict.confidence * 100)} % AI-generated`);

	const refused = await submitForm(textFile());
	expect(refused).toContain('This could not be checked');
	expect(refused).toContain('is plain text, not JPEG, PNG or WebP');
	// What only the workflow's author knows.
	expect(refused).not.toMatch(/Images_|\[item/);
});

/** In the browser, as people do. Returns what the last page says. */
async function submitForm({ fileName, mimeType = '', content }: Sample): Promise<string> {
	const editor = await Editor.open(bench.api);
	try {
		const { page } = editor;
		const url = `${bench.shared.url}/form/6a3f1f0e-5c1d-4f51-9a3e-0f6d6c0f1b11`;
		while ((await page.goto(url))?.status() === 404) await sleep(200);
		const files = [{ name: fileName, mimeType, buffer: content }];
		await page.locator('input[type=file]').setInputFiles(files);
		await page.locator('button[type=submit], #submit-btn').first().click();
		await page.waitForURL(/form-waiting/);
		await page
			.getByText(/AI-generated|authentic|Hard to say|could not be checked/)
			.first()
			.waitFor();
		await editor.screenshot(`form ${fileName}`);
		return await page.locator('body').innerText();
	} finally {
		await editor.close();
	}
}

/** Posts files to something that was just published. */
async function send(path: string, samples: readonly Sample[]): Promise<Response> {
	const body = new FormData();
	body.append('text', 'Hello');
	samples.forEach(({ content, fileName, mimeType }, index) => {
		const blob = new Blob([new Uint8Array(content)], { type: mimeType });
		body.append(`file${index}`, blob, fileName);
	});
	for (let tries = 0; ; tries++) {
		const answer = await fetch(`${bench.shared.url}${path}`, { method: 'POST', body });
		if (answer.status !== 404 || tries === 50) return answer;
		await sleep(200);
	}
}

test('route-mail-attachments.json: each mail goes by all of its attachments', async () => {
	const { ai, review, authentic } = oneOfEach(image, 0.35, 0.65);
	const mails: Array<[string, Sample[]]> = [
		['forged', [authentic, ai]],
		['doubtful', [review]],
		['fine', [authentic, textFile()]],
		['no attachment', []],
		['broken', [sampleOf('broken.png', Buffer.alloc(0))]],
	];
	const { id } = await importExample('route-mail-attachments.json', (workflow) => {
		// Pinned, as the editor keeps what a trigger gave once: the test has no mailbox.
		Object.assign(workflow, { pinData: { 'New Mail': mails.map(mailOf) } });
	});
	const run = await bench.api.runWorkflow(id, 'New Mail');
	expect(run.data.resultData.error).toBeUndefined();
	const subjects = (node: string) => jsonOf(run, node).map(({ subject }) => subject);
	expect(subjects('Quarantine the Mail')).toEqual(['forged']);
	expect(subjects('Ask a Person')).toEqual(['doubtful']);
	expect(subjects('Deliver the Mail')).toEqual(['fine', 'no attachment']);
	expect(subjects('Ask a Person about the Failure')).toEqual(['broken']);
	expect(jsonOf(run, 'Quarantine the Mail')[0]?.summary).toMatch(
		/^forged: .* is probably AI-generated/,
	);
	expect(jsonOf(run, 'Ask a Person about the Failure')[0]?.summary).toContain('is empty');
});

function mailOf([subject, samples]: [string, Sample[]]): INodeExecutionData {
	const binary: Record<string, IBinaryData> = {};
	samples.forEach(({ content, fileName }, index) => {
		const data = content.toString('base64');
		binary[`attachment_${index}`] = { data, fileName, mimeType: 'application/octet-stream' };
	});
	return { json: { subject }, binary };
}

test('moderate-user-posts.json: each post gets its decision, and what is in doubt is held', async () => {
	await publish('moderate-user-posts.json');
	const pictures = oneOfEach(image, 0.4, 0.8);
	const clips = oneOfEach(video, 0.4, 0.8);
	expect(await post([pictures.authentic, clips.authentic])).toMatchObject({ decision: 'publish' });
	expect(await post([pictures.review, clips.authentic])).toMatchObject({ decision: 'hold' });
	expect(await post([pictures.authentic, clips.ai])).toMatchObject({
		decision: 'reject',
		requestIds: [expect.any(String), expect.any(String)],
	});
	expect(await post([])).toMatchObject({ decision: 'publish', reason: 'no image or video' });
	const bad = image('broken');
	bench.emulator.misbehave(poison(({ sha256 }) => sha256 === bad.sha256));
	expect(await post([bad, pictures.authentic, clips.authentic])).toMatchObject({
		decision: 'hold',
		reason: expect.stringContaining('BitMind refused this image'),
	});
});

async function post(samples: readonly Sample[]): Promise<unknown> {
	const answer = await send('/webhook/moderate-post', samples);
	expect(answer.status).toBe(200);
	return await answer.json();
}
