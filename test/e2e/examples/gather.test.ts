import { setTimeout as sleep } from 'node:timers/promises';
import { poison } from '../../support/emulator';
import { images, textFile, video, type Sample } from '../../support/engine/media';
import { WebServer } from '../../support/servers/webServer';
import { bandOf, WORDS } from '../../support/engine/bands';
import { heicPhoto, useExample, type ImportedExample } from './exampleBench';

const TABLE = 'BitMind posts';
const example = useExample('gather-then-check.json', [TABLE]);
let site: WebServer;
beforeEach(async () => {
	site = await WebServer.start();
	await example.publish((id = await example.import(change)));
});
afterEach(async () => await site.close());
let id = '';

function change(workflow: ImportedExample): void {
	workflow.set('Call the Site Back', (parameters) => (parameters.url = site.url));
	workflow.dontRetry();
	// The test decides when a minute is over.
	workflow.set('Every Minute', ({ rule }) => (rule.interval = [{ field: 'months' }]));
}

const minute = async () => await example.run(id, 'Every Minute');

async function post(postId: string, samples: readonly Sample[]): Promise<Response> {
	const body = new FormData();
	body.append('postId', postId);
	samples.forEach(({ content, fileName, mimeType }, index) => {
		const blob = new Blob([new Uint8Array(content)], { type: mimeType });
		body.append(`file${index}`, blob, fileName);
	});
	const url = `${example.bench.shared.url}/webhook/bitmind-gather`;
	for (;;) {
		const response = await fetch(url, { method: 'POST', body });
		// The workflow was published a moment ago.
		if (response.status !== 404) return response;
		await sleep(200);
	}
}

const verdictOn = (postId: string, sample: Sample) => ({
	postId,
	file: sample.fileName,
	verdict: WORDS[bandOf(sample)],
	...sample.verdict,
});

const byPost = (a: any, b: any) => String(a.postId).localeCompare(String(b.postId));

test('50 posts cause one request, and each is called back with its own verdict', async () => {
	const samples = images(50, 'gathered');
	for (let from = 0; from < samples.length; from += 10) {
		const some = samples.slice(from, from + 10);
		const responses = await Promise.all(some.map((each, n) => post(`post ${from + n}`, [each])));
		expect(responses.map(({ status }) => status)).toEqual(some.map(() => 202));
	}
	await minute();
	const { batchRequests } = example.bench.emulator;
	expect(batchRequests.map(({ files }) => files.length)).toEqual([50]);
	const expected = samples.map((sample, index) => verdictOn(`post ${index}`, sample));
	expect(site.posts.sort(byPost)).toMatchObject(expected.sort(byPost));

	// Nothing is checked or reported twice.
	await minute();
	expect(batchRequests).toHaveLength(1);
	expect(site.posts).toHaveLength(50);
});

test('a post with several files, one without, and a site that is unavailable for a while', async () => {
	expect((await post('empty', [])).status).toBe(400);
	const [picture] = images(1, 'of many');
	const samples = [picture!, video('of many'), textFile(), heicPhoto()];
	const response = await post('many', samples);
	expect(await response.json()).toEqual({ postId: 'many', files: 4 });

	site.status = 503;
	await minute();
	expect(await example.tables.rows(TABLE)).toMatchObject(samples.map(() => ({ state: 'checked' })));
	site.status = 200;
	await minute();
	expect(site.posts).toHaveLength(4);
	expect(site.posts).toEqual(
		expect.arrayContaining([
			expect.objectContaining(verdictOn('many', samples[0]!)),
			expect.objectContaining(verdictOn('many', samples[1]!)),
			expect.objectContaining({ file: 'notes.txt', verdict: 'not checked' }),
			expect.objectContaining({ file: 'photo.heic', verdict: 'not checked' }),
		]),
	);
	expect(await example.tables.rows(TABLE)).toMatchObject(samples.map(() => ({ state: 'done' })));
	// One request for images, and one for videos.
	expect(example.bench.emulator.batchRequests).toHaveLength(2);
});

test('the site gets the result after an outage of the service, not during it', async () => {
	const samples = images(3, 'outage');
	const [bad] = images(1, 'refused');
	await post('outage', [...samples, bad!]);
	const { emulator } = example.bench;
	example.outage();
	await minute();
	expect(site.posts).toEqual([]);
	const waiting = { state: 'waiting', tries: 1, remark: expect.stringContaining('503') };
	expect(await example.tables.rows(TABLE)).toMatchObject([waiting, waiting, waiting, waiting]);

	emulator.reset();
	emulator.misbehave(poison(({ sha256 }) => sha256 === bad!.sha256));
	await minute();
	expect(site.posts).toHaveLength(4);
	expect(site.posts).toEqual(
		expect.arrayContaining([
			...samples.map((sample) => expect.objectContaining(verdictOn('outage', sample))),
			expect.objectContaining({ file: bad!.fileName, verdict: 'not checked' }),
		]),
	);
});
