import type { Locator, Page } from 'playwright-core';
import type { CredentialTestResult } from '../api/api';

/** The form of a credential, open in the editor. */
export class CredentialForm {
	readonly dialog: Locator;

	private constructor(private readonly page: Page) {
		this.dialog = page.getByTestId('credential-edit-dialog');
	}

	static async opened(page: Page): Promise<CredentialForm> {
		const form = new CredentialForm(page);
		await form.dialog.waitFor();
		return form;
	}

	/** The names of the fields, from top to bottom. */
	async fields(): Promise<string[]> {
		const parameters = await this.dialog.getByTestId('credential-connection-parameter').all();
		const names = parameters.map((parameter) =>
			parameter.locator('label span').first().innerText(),
		);
		return (await Promise.all(names)).map((name) => name.replace('*', '').trim());
	}

	async fill(field: string, value: string): Promise<void> {
		const input = this.dialog.getByTestId(`parameter-input-${field}`);
		await input.locator('input, textarea').first().fill(value);
	}

	async turnOn(field: string): Promise<void> {
		// The input itself has no size, so the click must go to the element around it.
		await this.dialog.getByTestId(`parameter-input-${field}`).locator('.el-switch').click();
	}

	/** Saves the credential, and returns the result of n8n's test. */
	async save(): Promise<CredentialTestResult> {
		const tested = this.page.waitForResponse(/\/rest\/credentials\/test$/);
		await this.page.getByTestId('credential-save-button').click();
		const { data } = (await (await tested).json()) as { data: CredentialTestResult };
		return data;
	}

	/** What the dialog says about a failed test. */
	async problem(): Promise<string> {
		await this.dialog.getByText('More details').click();
		return await this.dialog.innerText();
	}

	/** Resolves when the dialog says that the test has passed. */
	async passes(): Promise<void> {
		await this.page.getByTestId('credentials-config-container-test-success').waitFor();
	}
}
