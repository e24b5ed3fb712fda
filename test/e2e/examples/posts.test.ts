import { setTimeout as sleep } from 'node:timers/promises';
import { poison } from '../../support/emulator';
import { image, textFile, video, type Sample } from '../../support/engine/media';
import { mailAccount, oneOfEach, useExample, useMailServer } from './exampleBench';

const example = useExample('moderate-user-posts.json', ['BitMind held posts']);
const mail = useMailServer();

async function post(samples: readonly Sample[]): Promise<unknown> {
	const body = new FormData();
	body.append('text', 'Hello');
	samples.forEach(({ content, fileName, mimeType }, index) => {
		const blob = new Blob([new Uint8Array(content)], { type: mimeType });
		body.append(`file${index}`, blob, fileName);
	});
	const url = `${example.bench.shared.url}/webhook/moderate-post`;
	for (;;) {
		const response = await fetch(url, { method: 'POST', body });
		if (response.status === 200) return await response.json();
		// The workflow was published a moment ago.
		expect(response.status).toBe(404);
		await sleep(200);
	}
}

test('each post gets its decision, and a person gets the held ones', async () => {
	const account = await mailAccount(example.bench, mail.server);
	await example.publish(await example.import((workflow) => workflow.useMailAccount(account)));
	const pictures = oneOfEach(image, 0.4, 0.8);
	const clips = oneOfEach(video, 0.4, 0.8);
	expect(await post([pictures.authentic, clips.authentic])).toMatchObject({ decision: 'publish' });
	expect(await post([pictures.authentic, clips.ai])).toMatchObject({
		decision: 'reject',
		requestIds: [expect.any(String), expect.any(String)],
	});
	expect(await post([])).toMatchObject({ decision: 'publish', reason: 'no image or video' });
	expect(await post([pictures.review, clips.authentic])).toMatchObject({ decision: 'hold' });
	expect(await post([textFile(), pictures.authentic])).toMatchObject({ decision: 'hold' });
	const bad = image('broken');
	example.bench.emulator.misbehave(poison(({ sha256 }) => sha256 === bad.sha256));
	expect(await post([bad, pictures.authentic, clips.authentic])).toMatchObject({
		decision: 'hold',
		reason: expect.stringContaining('BitMind refused this image'),
	});

	// Users don't wait for these, and n8n may change the order of a post's files.
	for (let tries = 0; mail.server.mails.length < 3 && tries < 100; tries++) await sleep(100);
	const inOrder = (posts: string[][]) => posts.map((names) => names.sort().join(', ')).sort();
	const held = inOrder(
		[
			[pictures.review, clips.authentic],
			[textFile(), pictures.authentic],
			[bad, pictures.authentic, clips.authentic],
		].map((samples) => samples.map(({ fileName }) => fileName)),
	);
	const { mails } = mail.server;
	const attached = mails.map(({ attachments }) => attachments.map((file) => file.filename ?? ''));
	expect(inOrder(attached)).toEqual(held);
	expect(mails.filter(({ text }) => text?.includes('BitMind refused this image'))).toHaveLength(1);
	const rows = await example.tables.rows('BitMind held posts');
	expect(inOrder(rows.map(({ files }) => String(files).split(', ')))).toEqual(held);
	for (const row of rows) expect(row).toMatchObject({ post: '{"text":"Hello"}', decision: 'open' });
});
