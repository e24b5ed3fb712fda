import type { Locator, Page } from 'playwright-core';

/** The canvas of the workflow that is open in the editor: what people do and read there. */
export class Canvas {
	constructor(private readonly page: Page) {}

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
