import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { IRun } from 'n8n-workflow';
import { type Browser, chromium, type Page, selectors } from 'playwright-core';
import type { CredentialTestResult, N8nApi } from '../api/api';
import { Canvas } from './canvas';
import { findChromium } from './chromium';
import type { Log } from '../command';
import { CredentialForm } from './credentialForm';
import { NodePanel } from './nodePanel';
import { OWNER } from '../api/rest';

/** Ignored by git, next to the files of `npm start`. */
const SCREENSHOTS = resolve(__dirname, '../../../../.n8n-dev/screenshots');
export const VIEWPORT = { width: 1440, height: 900 };

/**
 * Without a sandbox, because tests run as root in containers. The others keep Chromium from calling
 * Google.
 */
const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Buttons that close n8n's greetings and tips, which differ from version to version. */
const DISMISSALS = /^(Got it|Not now|Skip|Maybe later|No thanks)$/;

const NOTIFICATION = '.el-notification';
const SEARCH_DEBOUNCE_MS = 1_000;
const FADE_OUT_MS = 500;

/**
 * n8n's editor in a headless browser, signed in as the owner. Each method waits for its result in the
 * editor.
 */
export class Editor {
	readonly canvas: Canvas;
	/** The panel of the node that is open. */
	readonly panel: NodePanel;

	private constructor(
		private readonly n8n: N8nApi,
		private readonly browser: Browser,
		/** For what the methods here don't cover. */
		readonly page: Page,
	) {
		this.canvas = new Canvas(page);
		this.panel = new NodePanel(page);
	}

	static async open(n8n: N8nApi, log: Log = console.log): Promise<Editor> {
		const executablePath = await findChromium(log);
		selectors.setTestIdAttribute('data-test-id');
		const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
		try {
			const page = await browser.newPage({ viewport: VIEWPORT });
			const dismissal = page.getByRole('button', { name: DISMISSALS });
			await page.addLocatorHandler(dismissal, async () => await dismissal.first().click());
			const editor = new Editor(n8n, browser, page);
			await editor.signIn();
			return editor;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	async openOverview(): Promise<void> {
		// Until everything is loaded, n8n's menus ignore clicks.
		await this.page.goto(`${this.n8n.url}/home/workflows`, { waitUntil: 'networkidle' });
	}

	async openWorkflow(workflowId: string): Promise<void> {
		await this.page.goto(`${this.n8n.url}/workflow/${workflowId}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.page.getByTestId('execute-workflow-button').waitFor();
	}

	/** Clicks 'Execute workflow' and returns the run as n8n stored it. */
	async executeWorkflow(): Promise<IRun> {
		await this.closeNotifications();
		const run = await this.runBy('execute-workflow-button');
		// n8n shows a notification after each run, when its results are on the canvas.
		await this.page.locator(NOTIFICATION).first().waitFor();
		return run;
	}

	/** Clicks 'Execute step' in the node that is open. The nodes before it don't run again. */
	async executeStep(): Promise<IRun> {
		return await this.runBy('node-execute-button');
	}

	private async runBy(button: string): Promise<IRun> {
		const started = this.page.waitForResponse(/\/rest\/workflows\/[^/]+\/run$/);
		await this.page.getByTestId(button).first().click();
		const { data } = (await (await started).json()) as { data: { executionId: string } };
		return await this.n8n.waitForExecution(data.executionId);
	}

	/** The notifications on the screen, with title and text. */
	async notifications(): Promise<string[]> {
		return await this.page.locator(NOTIFICATION).allInnerTexts();
	}

	/** Notifications cover a corner of the canvas, and those about errors stay there. */
	async closeNotifications(): Promise<void> {
		const notification = this.page.locator(NOTIFICATION).first();
		while (await notification.isVisible()) {
			// It may fade out by itself at this moment.
			await notification
				.locator('.el-notification__closeBtn')
				.click({ timeout: FADE_OUT_MS })
				.catch(() => undefined);
			await this.page.waitForTimeout(FADE_OUT_MS);
		}
	}

	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** Opens the node creator, searches it, and returns the names that it finds. */
	async searchNodeCreator(text: string): Promise<string[]> {
		// Its button, not its key, because keys act on the canvas until the panel is open.
		await this.page.getByTestId('node-creator-plus-button').click();
		return await this.searchAgain(text);
	}

	/** Searches the open node creator for another text. */
	async searchAgain(text: string): Promise<string[]> {
		await this.page.getByTestId('node-creator-search-bar').fill(text);
		await this.page.waitForTimeout(SEARCH_DEBOUNCE_MS);
		return await this.page.getByTestId('node-creator-item-name').allInnerTexts();
	}

	async closeNodeCreator(): Promise<void> {
		// Escape does nothing while the panel shows an empty result.
		await this.page.getByTestId('node-creator-search-bar').fill('');
		await this.page.waitForTimeout(SEARCH_DEBOUNCE_MS);
		await this.page.keyboard.press('Escape');
		await this.page.getByTestId('node-creator').waitFor({ state: 'hidden' });
	}

	/** Opens a stored credential. n8n tests it at once; returns the result after the dialog shows it. */
	async openCredential(credentialId: string): Promise<CredentialTestResult> {
		const tested = this.page.waitForResponse(/\/rest\/credentials\/test$/);
		await this.page.goto(`${this.n8n.url}/home/credentials/${credentialId}`);
		const dialog = this.page.getByTestId('credential-edit-dialog');
		await dialog.waitFor();
		const { data } = (await (await tested).json()) as { data: CredentialTestResult };
		if (data.status === 'Error') await dialog.getByText('More details').click();
		else await this.page.getByTestId('credentials-config-container-test-success').waitFor();
		return data;
	}

	/** Opens the form of a new credential. */
	async openNewCredential(displayName: string): Promise<CredentialForm> {
		await this.page.goto(`${this.n8n.url}/home/credentials`);
		await this.page.getByRole('button', { name: 'Create credential' }).first().click();
		await this.page.getByTestId('new-credential-type-select').locator('input').fill(displayName);
		await this.page.getByText(displayName).last().click();
		await this.page.getByTestId('new-credential-type-button').click();
		return await CredentialForm.opened(this.page);
	}

	/** Chooses from the drop-down list of a parameter or a credential's field. */
	async choose(field: string, option: string): Promise<void> {
		await this.page.getByTestId(`parameter-input-${field}`).first().click();
		const label = this.page.getByText(option, { exact: true });
		await this.page.getByRole('option').filter({ has: label }).click();
	}

	/** Returns the picture's path. */
	async screenshot(name: string, folder = SCREENSHOTS): Promise<string> {
		await mkdir(folder, { recursive: true });
		const path = join(folder, `${name}.png`);
		await this.page.screenshot({ path });
		return path;
	}

	private async signIn(): Promise<void> {
		await this.page.goto(`${this.n8n.url}/signin`);
		await this.page.getByTestId('emailOrLdapLoginId').locator('input').fill(OWNER.email);
		await this.page.getByTestId('password').locator('input').fill(OWNER.password);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.waitForURL(({ pathname }) => pathname !== '/signin');
	}
}
