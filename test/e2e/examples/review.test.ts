import type { IDataObject } from 'n8n-workflow';
import type { ParsedMail } from 'mailparser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { images, sampleOf, textFile, videos, type Sample } from '../../support/engine/media';
import { Editor } from '../../support/host/editor/browser';
import { OWNER } from '../../support/host/api/rest';
import { bandOf, WORDS } from '../../support/engine/bands';
import { heicPhoto, mailAccount, named, useExample, useMailServer } from './exampleBench';

const TABLE = 'BitMind reviews';
/** Once a minute, n8n looks for waiting executions that have timed out. */
const NOBODY_ANSWERS_MS = 80_000;
/** n8n ignores robots and link previews. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

const example = useExample('review-by-a-person.json', [TABLE]);
const mail = useMailServer();

const inDoubt = images(60, 'review').filter((sample) => bandOf(sample) === 'review');
const [first, byMail2, noAnswer, onPage1, onPage2] = inDoubt as [Sample, Sample, ...Sample[]];
const clear = images(60, 'review').filter((sample) => bandOf(sample) !== 'review');
/** A name that would also match the other one if it were read as a pattern. */
const byMail1 = named(first, 'in *doubt? [1] {a,b}.jpg');
const lookalike = named(clear[0]!, 'in xdoubtx [1] {a,b}.jpg');
const film = videos(60, 'review').find((sample) => bandOf(sample) === 'review')!;

async function rows(): Promise<Record<string, IDataObject>> {
	const all = await example.tables.rows(TABLE);
	return Object.fromEntries(all.map((row) => [String(row.file), row]));
}

/** Publishes and runs the workflow, with questions that time out soon. */
async function review(samples: readonly Sample[]): Promise<string> {
	await example.write(samples);
	const account = await mailAccount(example.bench, mail.server);
	const id = await example.import((workflow) => {
		workflow.useMailAccount(account);
		workflow.set('Ask by Mail', ({ options }) => {
			Object.assign(options.limitWaitTime.values, { resumeAmount: 0.5, resumeUnit: 'minutes' });
		});
	});
	await example.publish(id);
	await example.run(id, 'Every Hour');
	return id;
}

async function questionAbout({ fileName }: Sample): Promise<ParsedMail> {
	for (let tries = 0; tries < 100; tries++) {
		const found = mail.server.mails.find(({ subject }) => subject?.includes(fileName));
		if (found) return found;
		await sleep(100);
	}
	throw new Error(`No mail about ${fileName}`);
}

async function click({ html }: ParsedMail, button: string): Promise<void> {
	const [, link = ''] = new RegExp(`<a href="([^"]+)"[^>]*>${button}</a>`).exec(String(html)) ?? [];
	const response = await fetch(link, { headers: { 'user-agent': BROWSER } });
	expect(await response.text()).toContain('Got it, thanks');
}

async function until(isSo: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
	for (const end = Date.now() + withinMs; !(await isSo()); await sleep(200)) {
		if (Date.now() > end) return;
	}
}

test('BitMind decides clear cases, and a person decides the others by mail, or nobody does', async () => {
	const empty = sampleOf('empty.jpg', Buffer.alloc(0));
	const [clear1, clear2] = [lookalike, clear[1]!];
	const samples = [byMail1, byMail2, noAnswer!, clear1, clear2, empty, heicPhoto(), textFile()];
	const id = await review(samples);
	for (const sample of [clear1, clear2]) {
		const verdict = WORDS[bandOf(sample)];
		const row = { verdict, decision: verdict, decidedBy: 'BitMind', decidedAt: expect.any(String) };
		expect((await rows())[sample.fileName]).toMatchObject(row);
	}
	const notes = { decision: 'not checked', decidedBy: 'BitMind' };
	expect((await rows())['notes.txt']).toMatchObject(notes);
	expect((await rows())[noAnswer!.fileName]).toMatchObject({
		verdict: 'needs review',
		confidence: noAnswer!.verdict.confidence,
		decision: 'needs review',
		decidedBy: null,
	});

	const asked = [byMail1, byMail2, noAnswer!, empty, heicPhoto()];
	const questions = await Promise.all(asked.map(questionAbout));
	expect(mail.server.mails).toHaveLength(questions.length);
	const percent = `${Math.round(byMail1.verdict.confidence * 100)} %`;
	expect(questions[0]?.text).toContain(`${percent} likely AI-generated`);
	expect(questions[3]?.text).toContain('is empty');
	expect(questions[4]?.text).toContain('BitMind does not take image/heic');
	const [link = ''] = /http\S+review-file\S+/.exec(questions[0]?.text ?? '') ?? [];
	const shown = Buffer.from(await (await fetch(link)).arrayBuffer());
	expect(shown.equals(byMail1.content)).toBe(true);
	expect((await fetch(link.slice(0, -1))).status).toBe(404);

	await click(questions[0]!, 'Authentic');
	await click(questions[1]!, 'AI-generated');
	const by = { decidedBy: 'reviewer@example.com', decidedAt: expect.any(String) };
	await until(async () => (await rows())[byMail2.fileName]?.decidedBy !== null);
	expect((await rows())[byMail1.fileName]).toMatchObject({ decision: 'authentic', ...by });
	expect((await rows())[byMail2.fileName]).toMatchObject({ decision: 'AI-generated', ...by });

	// Known files are neither checked nor asked about again.
	await example.run(id, 'Every Hour');
	expect(mail.server.mails).toHaveLength(questions.length);
	expect(example.bench.emulator.batchRequests).toHaveLength(1);

	await until(
		async () => (await rows())[noAnswer!.fileName]?.decidedBy !== null,
		NOBODY_ANSWERS_MS,
	);
	const nobody = { decision: 'needs review', decidedBy: 'nobody in time' };
	expect((await rows())[noAnswer!.fileName]).toMatchObject(nobody);
});

test('after an outage, there is nothing for a person to decide', async () => {
	const [sample] = clear as [Sample];
	await example.write([sample]);
	const id = await example.import((workflow) => workflow.dontRetry());
	example.outage();
	await example.run(id, 'Every Hour');
	expect(await example.tables.rows(TABLE)).toEqual([]);
	example.bench.emulator.reset();
	await example.run(id, 'Every Hour');
	expect(await example.tables.rows(TABLE)).toMatchObject([{ decidedBy: 'BitMind' }]);
});

test('a person decides on a page that shows one file at a time', async () => {
	await review([onPage1!, onPage2!, film]);
	const editor = await Editor.open(example.bench.api);
	try {
		const { page } = editor;
		const title = page.locator('h1').first();
		await page.goto(`${example.bench.api.url}/form/bitmind-review`);
		await page.getByRole('button', { name: 'Allow access' }).click();
		await page.getByRole('button', { name: 'Start' }).click();
		const decisions = ['authentic', 'AI-generated', 'authentic'];
		const seen: string[] = [];
		for (const [index, decision] of decisions.entries()) {
			await page.getByText('What is it?').waitFor();
			await title.filter({ hasNotText: seen.at(-1) ?? 'Files to review' }).waitFor();
			seen.push(await title.innerText());
			if (!seen.at(-1)?.endsWith(film.fileName)) {
				await page.waitForFunction('document.querySelector("img")?.naturalWidth > 100');
			} else {
				expect(await page.locator('video source').getAttribute('type')).toMatch('video/');
			}
			await editor.screenshot(`review page ${index}`);
			const link = page.getByRole('link', { name: 'Open the file itself' });
			const shown = await (await fetch((await link.getAttribute('href')) ?? '')).arrayBuffer();
			const inFolder = join(example.folder, 'inbox', seen.at(-1) ?? '');
			expect(readFileSync(inFolder).equals(Buffer.from(shown))).toBe(true);
			await page.getByText(decision, { exact: true }).click();
			await page.locator('textarea').fill(`Note ${index}`);
			await page.getByRole('button', { name: 'Save and go on' }).click();
		}
		await page.getByText('Nothing is waiting for a decision').waitFor();
		const decided = await rows();
		seen.forEach((fileName, index) =>
			expect(decided[fileName]).toMatchObject({
				decision: decisions[index],
				decidedBy: OWNER.email,
				note: `Note ${index}`,
			}),
		);
		expect(new Set(seen)).toEqual(new Set([onPage1, onPage2, film].map((each) => each!.fileName)));

		// An answer by mail is too late after that.
		await click(await questionAbout(onPage1!), 'AI-generated');
		await sleep(1_000);
		expect((await rows())[onPage1!.fileName]?.decidedBy).toBe(OWNER.email);
	} finally {
		await editor.close();
	}
});
