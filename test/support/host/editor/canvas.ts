import type { Locator, Page } from 'playwright-core';

/** The canvas of the workflow that is open in the editor. */
export class Canvas {
	constructor(private readonly page: Page) {}

	async nodeNames(): Promise<string[]> {
		const nodes = await this.page.getByTestId('canvas-node').all();
		const names = await Promise.all(nodes.map((node) => node.getAttribute('data-node-name')));
		return names.filter((name) => name !== null);
	}

	/** The labels of a node's outputs, from top to bottom. */
	async outputLabels(node: string): Promise<string[]> {
		return await this.outputs(node).allInnerTexts();
	}

	/** The labels of a node's connections, by the nodes that these lead to. */
	async itemCounts(node: string): Promise<Record<string, string>> {
		const selector = `[data-test-id="edge-label"][data-source-node-name="${node}"]`;
		const found = this.page.locator(selector);
		const labels = await found.all();
		// The numbers appear a moment after the end of the run.
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
