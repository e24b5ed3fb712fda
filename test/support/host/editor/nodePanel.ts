import type { Page } from 'playwright-core';

/** The panel of the node that is open in the editor. */
export class NodePanel {
	constructor(private readonly page: Page) {}

	/** Opens 'Add option', and returns the names of the options. */
	async optionNames(): Promise<string[]> {
		await this.page.getByPlaceholder('Add option').click();
		const options = this.page.getByTestId('collection-parameter-option');
		await options.first().waitFor();
		return await options.allInnerTexts();
	}

	/** The hints above the output. */
	async hints(): Promise<string[]> {
		const hints = this.page.getByTestId('output-panel').getByTestId('node-hint');
		return (await hints.allInnerTexts()).map((text) => text.trim());
	}

	/** The rows of the output's table, by the names of its columns. */
	async outputTable(): Promise<Array<Record<string, string>>> {
		const panel = this.page.getByTestId('output-panel');
		await panel.getByText('Table', { exact: true }).click();
		await panel.locator('table').waitFor();
		const names = await panel.locator('thead th').allInnerTexts();
		const rows = await panel.locator('tbody tr').all();
		return await Promise.all(
			rows.map(async (row) => {
				const cells = await row.locator('td').allInnerTexts();
				return Object.fromEntries(names.map((name, index) => [name.trim(), cells[index] ?? '']));
			}),
		);
	}
}
