import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { bandOf } from '../test/support/engine/bands';
import { images, type Sample } from '../test/support/engine/media';
import { Editor } from '../test/support/host/editor/browser';
import { runCommand } from '../test/support/host/command';
import { findProgram } from '../test/support/host/install/debian';
import type { N8n } from '../test/support/host/n8n';
import type { Credential, Workflow } from '../test/support/host/workflow';
import { MailServer } from '../test/support/servers/mailServer';
import { withProjectFolders } from './exampleFolders';
import { withCredentials } from './importExamples';

const PROJECT = resolve(__dirname, '..');
const EXAMPLES = join(PROJECT, 'examples');
const PICTURES = join(PROJECT, 'docs', 'images');
/** The emulator's verdicts on them: AI-generated, needs review, authentic. */
const ONE_OF_EACH = ['hills.jpg', 'pottery.png', 'street.png'].map((file) =>
	join(PROJECT, 'test', 'fixtures', 'media', 'images', file),
);
const SETTLING_MS = 1_500;
const MARGIN = 24;
/** Hides what n8n shows above the canvas. */
export const OVERLAYS =
	'.vue-flow__panel, [data-test-id="main-header"], [data-test-id="execute-workflow-button"] { visibility: hidden; }';
const WIDE = { width: 2000, height: 1200 };
const PAGE = { width: 960, height: 860 };
const IN_DOUBT = (sample: Sample) => bandOf(sample) === 'review';

interface Setting {
	n8n: N8n;
	editor: Editor;
	credentials: Credential[];
	mail: MailServer;
	/** Used in place of the examples' `/files`. n8n may read and write there. */
	files: string;
}

/** Pictures of the examples' canvases, and of their results: a report, a chart, a mail, a page. */
export class ExamplePictures {
	private readonly n8n: N8n;
	private readonly editor: Editor;
	private readonly mail: MailServer;
	private readonly files: string;

	private constructor(private readonly setting: Setting) {
		({ n8n: this.n8n, editor: this.editor, mail: this.mail, files: this.files } = setting);
	}

	static async take(n8n: N8n, credential: Credential, files: string): Promise<void> {
		const mail = await MailServer.start();
		const data = { host: '127.0.0.1', port: mail.port, secure: false, disableStartTls: true };
		const account = await n8n.api.createCredential({ name: 'SMTP', type: 'smtp', data });
		const editor = await Editor.open(n8n.api);
		const credentials = [credential, account];
		try {
			const pictures = new ExamplePictures({ n8n, editor, credentials, mail, files });
			await pictures.canvases();
			await pictures.verdictPage();
			await pictures.report();
			await pictures.thresholds();
			await pictures.review();
		} finally {
			await editor.close();
			await mail.close();
		}
	}

	private async canvases(): Promise<void> {
		const { page } = this.editor;
		await page.setViewportSize(WIDE);
		for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'))) {
			await this.editor.openWorkflow(await this.import(file, withProjectFolders));
			await page.addStyleTag({ content: OVERLAYS });
			await page.waitForTimeout(SETTLING_MS);
			await this.shoot(page, `example-${file.replace('.json', '')}`, await canvasOf(page));
		}
	}

	/** The page that users see after an upload. */
	private async verdictPage(): Promise<void> {
		const { page } = this.editor;
		await page.setViewportSize(WIDE);
		await this.editor.openWorkflow(await this.import('check-an-upload.json', withProjectFolders));
		const opened = page.waitForEvent('popup');
		await page.getByTestId('execute-workflow-button').first().click();
		const form = await opened;
		await form.setViewportSize({ width: 760, height: 280 });
		await form.locator('input[type=file]').setInputFiles(ONE_OF_EACH);
		await form.getByRole('button', { name: 'Submit' }).click();
		await form.getByText('likely AI-generated').first().waitFor();
		await form.waitForTimeout(SETTLING_MS);
		await this.shoot(form, 'verdict-page');
		await form.close();
	}

	private async report(): Promise<void> {
		const id = await this.import('report-on-a-folder.json', withProjectFolders);
		await this.n8n.api.runWorkflow(id, 'Every Morning');
		const folder = join(PROJECT, '.n8n-dev', 'reports');
		const newest = readdirSync(folder).filter((name) => name.endsWith('.html'));
		await this.shootFile(join(folder, newest.sort().at(-1) ?? ''), 'report');
	}

	/** With files for which the emulator's verdicts look realistic. */
	private async thresholds(): Promise<void> {
		const samples = images(600, 'thresholds');
		const often = (sample: Sample) => parseInt(sample.sha256.slice(-4), 16) / 0xffff;
		const ai = samples.filter((sample) => often(sample) < sample.verdict.confidence ** 3);
		const real = samples.filter((sample) => often(sample) < (1 - sample.verdict.confidence) ** 3);
		await this.write('ai', ai.slice(0, 120));
		await this.write('real', real.slice(0, 120));
		await mkdir(join(this.files, 'reports'), { recursive: true });
		const id = await this.import('find-your-thresholds.json', this.withFiles);
		await this.n8n.api.runWorkflow(id, 'When clicking ‘Execute workflow’');
		await this.shootFile(join(this.files, 'reports', 'thresholds.html'), 'thresholds');
	}

	private async review(): Promise<void> {
		await this.write('inbox', images(40, 'review').filter(IN_DOUBT).slice(0, 3));
		const id = await this.import('review-by-a-person.json', this.withFiles);
		await this.n8n.api.publish(id);
		await this.n8n.api.runWorkflow(id, 'Every Hour');
		while (this.mail.mails.length < 3) await sleep(100);
		const page = this.editor.page;
		await page.setViewportSize(PAGE);
		await page.goto(`${this.n8n.url}/form/bitmind-review`);
		await page.getByRole('button', { name: 'Allow access' }).click();
		await page.getByRole('button', { name: 'Start' }).click();
		await page.getByText('What is it?').waitFor();
		await page.waitForTimeout(SETTLING_MS);
		await this.shoot(page, 'review-page');
		const mail = join(this.files, 'mail.html');
		await writeFile(mail, String(this.mail.mails[0]?.html));
		await this.shootFile(mail, 'review-mail', { width: 760, height: 340 });
		await this.n8n.api.unpublish(id);
	}

	private readonly withFiles = (text: string) => text.replaceAll('/files/', `${this.files}/`);

	private async import(file: string, change: (text: string) => string): Promise<string> {
		const text = change(readFileSync(join(EXAMPLES, file), 'utf8'));
		const workflow = withCredentials(JSON.parse(text) as Workflow, this.setting.credentials);
		return await this.n8n.api.createWorkflow(workflow);
	}

	private async write(subfolder: string, samples: readonly Sample[]): Promise<void> {
		const folder = join(this.files, subfolder);
		await mkdir(folder, { recursive: true });
		for (const { fileName, content } of samples) await writeFile(join(folder, fileName), content);
	}

	private async shootFile(path: string, name: string, size = PAGE): Promise<void> {
		const { page } = this.editor;
		await page.setViewportSize(size);
		await page.goto(`file://${path}`);
		await this.shoot(page, name);
	}

	private async shoot(page: Page, name: string, clip?: Clip): Promise<void> {
		const path = join(PICTURES, `${name}.png`);
		await page.screenshot({ path, clip });
		await shrink(path);
		console.log(path);
	}
}

export interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The part of the screen with the nodes and notes. */
export async function canvasOf(page: Page, margin = MARGIN): Promise<Clip> {
	return await clipOf(await page.locator('.vue-flow__node').all(), margin);
}

export async function clipOf(parts: readonly Locator[], margin: number): Promise<Clip> {
	const boxes = await Promise.all(parts.map(async (part) => await part.boundingBox()));
	const found = boxes.filter((box) => box !== null);
	const left = Math.min(...found.map(({ x }) => x)) - margin;
	const top = Math.min(...found.map(({ y }) => y)) - margin;
	const right = Math.max(...found.map(({ x, width }) => x + width)) + margin;
	const bottom = Math.max(...found.map(({ y, height }) => y + height)) + margin;
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Reduces a picture to 256 colors, if there is a program for it. */
export async function shrink(path: string): Promise<void> {
	const gm = findProgram(['gm']);
	if (gm) await runCommand(gm, ['convert', path, '+dither', '-colors', '256', `png8:${path}`]);
}
