import type { Locator, Page } from 'playwright-core';

/** The canvas of the workflow that is open in the editor: what people do and read there. */
export class Canvas {
	constructor(private readonly page: Page) {}

	/** Finds a node from the '+' of another. n8n connects the two and opens the new one. */
	async addNodeAfter(node: string, search: string, found: string): Promise<void> {
		await this.outputs(node).getByTestId('canvas-handle-plus').click();
		await this.page.getByTestId('node-creator-search-bar').fill(search);
		const names = this.page.getByTestId('node-creator-item-name');
		await names.getByText(found, { exact: true }).click();
		// Of nodes that are not its own n8n first shows where they come from.
		await this.page.getByRole('button', { name: 'Add to workflow' }).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** By 'Import from file' in the workflow's menu. */
	async importFile(path: string): Promise<void> {
		await this.page.getByTestId('workflow-menu').click();
		await this.page.getByRole('menuitem', { name: 'Import' }).hover();
		const chooser = this.page.waitForEvent('filechooser');
		await this.page.getByRole('menuitem', { name: 'From file' }).click();
		await (await chooser).setFiles(path);
	}

	async nodeNames(): Promise<string[]> {
		const nodes = await this.page.getByTestId('canvas-node').all();
		const names = await Promise.all(nodes.map((node) => node.getAttribute('data-node-name')));
		return names.filter((name) => name !== null);
	}

	/** What stands beside the outputs of a node, from top to bottom. */
	async outputLabels(node: string): Promise<string[]> {
		return await this.outputs(node).allInnerTexts();
	}

	/** What stands on the connections of a node, by the nodes that they lead to. */
	async itemCounts(node: string): Promise<Record<string, string>> {
		const selector = `[data-test-id="edge-label"][data-source-node-name="${node}"]`;
		const found = this.page.locator(selector);
		const labels = await found.all();
		// The numbers come a moment after the run's end.
		await found
			.filter({ hasText: /\d/ })
			.nth(labels.length - 1)
			.waitFor();
		const counts = labels.map(async (label) => [
			await label.getAttribute('data-target-node-name'),
			await label.innerText(),
		]);
		return Object.fromEntries(await Promise.all(counts)) as Record<string, string>;
	}

	private outputs(node: string): Locator {
		return this.page.locator(
			`[data-test-id="canvas-node-output-handle"][data-node-name="${node}"]`,
		);
	}
}
