import type { Locator, Page } from 'playwright-core';

/** Elements that have only an icon on the screen, by their description in README. */
const ICONS: Readonly<Record<string, string>> = {
	'+': 'universal-add',
	'+ behind the form': 'canvas-handle-plus',
	'⋯': 'workflow-menu',
	Settings: 'main-sidebar-settings',
};
/** The '×' of panels. */
const CLOSE = 'ndv-close-button';
const MAX_CLICKS = 3;
const MENU_CLOSES_MS = 3_000;
const ROLES = ['button', 'menuitem', 'option', 'radio', 'tab', 'link', 'switch'] as const;
const NAME = String.raw`\*\*([^*]+)\*\*`;

/** The numbered steps below a heading in README. */
export function stepsOf(readme: string, heading: string): string[] {
	const [, section = ''] = new RegExp(`^## ${heading}\n([^]*?)^## `, 'm').exec(readme) ?? [];
	const steps = section.match(/^\d+\. .*$/gm) ?? [];
	if (steps.length === 0) throw new Error(`README has no steps below '${heading}'`);
	return steps.map((step) => step.replace(/^\d+\. /, ''));
}

/** What README leaves to its readers. */
export interface Reader {
	/** Values for phrases such as 'your key' and 'its address'. */
	words: Readonly<Record<string, string>>;
	/** The file that is chosen in a form. */
	file: string;
}

/**
 * Follows the steps of README. It clicks, fills in and reads what is in bold, by the names on the screen.
 * It fails if a name isn't on the screen, or if README doesn't say what to do with a name.
 */
export class ReadmeReader {
	/** The values on the screen that README says users will see. */
	readonly seen: Record<string, string> = {};

	private page: Page;

	private readonly forms: Page[] = [];

	private readonly actions: ReadonlyArray<[RegExp, (...names: string[]) => Promise<void>]>;

	constructor(
		private readonly editor: Page,
		private readonly reader: Reader,
	) {
		this.page = editor;
		editor.on('popup', (form) => this.forms.push(form));
		this.actions = [
			[pattern(`(?:click|choose) ${NAME}( behind the form)?`), (...names) => this.click(...names)],
			[pattern(`then ${NAME}`), (name) => this.click(name)],
			[pattern(`click the box ${NAME}`), (name) => this.box(name).click()],
			[pattern(`close the panel with \\*\\*×\\*\\*`), () => this.closePanel()],
			[pattern(`open ${NAME}`), (name) => this.click(name)],
			[pattern(`choose ${NAME} as ${NAME}`), (option, field) => this.choose(option, field)],
			[pattern(`choose a [^*.]*picture under ${NAME}`), (field) => this.chooseFile(field)],
			[pattern(`enter (\`[^\`]+\`|your key|its address) as ${NAME}`), (v, f) => this.enter(v, f)],
			[pattern('search for `([^`]+)`'), (text) => this.search(text)],
			[pattern('tick the box that you understand'), () => this.tick('I understand')],
			[pattern('in the form that opens'), () => this.turnToForm()],
			[pattern('back in n8n'), () => this.turnToEditor()],
			[pattern(`double-click ${NAME}`), (name) => this.openNode(name)],
			[pattern(`to see ${NAME} and ${NAME}`), (...names) => this.read(names)],
		];
	}

	async follow(text: string): Promise<void> {
		for (let rest = text.replace(/\s+/g, ' '); ;) {
			const next = this.nextAction(rest);
			const skipped = next ? rest.slice(0, next.match.index) : rest;
			const unread = new RegExp(NAME).exec(skipped);
			if (unread) throw new Error(`README says '${skipped}', but not what to do`);
			if (!next) return;
			const [sentence, ...names] = next.match;
			await next.run(...names).catch((cause: unknown) => {
				throw new Error(`README says '${sentence}', but that does not work`, { cause });
			});
			rest = rest.slice(next.match.index + sentence.length);
		}
	}

	/** The next action in the text; the longest one if several begin at the same place. */
	private nextAction(text: string) {
		const found = this.actions.flatMap(([words, run]) => {
			const match = words.exec(text);
			return match ? [{ match, run }] : [];
		});
		return found.sort(
			({ match: a }, { match: b }) => a.index - b.index || b[0].length - a[0].length,
		)[0];
	}

	/** @param path such as 'Import → From file' */
	private async click(path = '', place = ''): Promise<void> {
		for (const name of path.split(' → ')) {
			const icon = ICONS[`${name}${place}`];
			if (icon) await this.page.getByTestId(icon).last().click();
			else await this.clickNamed(name);
		}
	}

	/** While n8n is loading, its menus ignore clicks, so this clicks again, as people do. */
	private async clickNamed(name: string): Promise<void> {
		const menuItem = this.page.locator('[role="menuitem"]:not([aria-haspopup])').getByText(name);
		for (let clicks = 0; clicks < MAX_CLICKS; clicks++) {
			await this.named(name).click();
			const closes = menuItem.first().waitFor({ state: 'hidden', timeout: MENU_CLOSES_MS });
			const isClosed = await closes.then(
				() => true,
				() => false,
			);
			if (isClosed) return;
		}
	}

	/** The element on top is the last one. */
	private named(name: string): Locator {
		const exact = { name, exact: true };
		const byRole = ROLES.map((role) => this.page.getByRole(role, exact));
		const all = byRole.reduce(
			(any, next) => any.or(next),
			this.page.getByText(name, { exact: true }),
		);
		return all.filter({ visible: true }).last();
	}

	private box(label = ''): Locator {
		const box = this.page.getByTestId('canvas-add-button').filter({ hasText: label });
		return box.getByRole('button');
	}

	private async closePanel(): Promise<void> {
		await this.page.getByTestId(CLOSE).click();
	}

	/** The one below its name. */
	private field(label = ''): Locator {
		// n8n puts an asterisk behind the names of those that it needs.
		const name = new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\*?$`);
		const below = 'xpath=following::*[self::input or self::textarea][1]';
		return this.page.getByText(name).filter({ visible: true }).last().locator(below);
	}

	private async enter(value = '', label = ''): Promise<void> {
		await this.field(label).fill(this.reader.words[value] ?? value.replaceAll('`', ''));
	}

	private async choose(option = '', label = ''): Promise<void> {
		await this.field(label).click();
		await this.page.getByRole('option', { name: option, exact: true }).click();
	}

	private async chooseFile(label = ''): Promise<void> {
		await this.page.getByLabel(label, { exact: true }).setInputFiles(this.reader.file);
	}

	private async search(text = ''): Promise<void> {
		await this.page
			.getByPlaceholder(/^Search /)
			.filter({ visible: true })
			.last()
			.fill(text);
	}

	private async tick(text: string): Promise<void> {
		await this.page.getByText(text).click();
	}

	private async turnToForm(): Promise<void> {
		const form = this.forms.at(-1) ?? (await this.editor.waitForEvent('popup'));
		await form.waitForLoadState();
		this.page = form;
	}

	private async turnToEditor(): Promise<void> {
		this.page = this.editor;
		await this.page.bringToFront();
	}

	private async openNode(name = ''): Promise<void> {
		const node = this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
		await node.locator('[data-test-id="canvas-node-status-success"]').waitFor();
		await node.dblclick();
	}

	private async read(names: string[]): Promise<void> {
		const items = this.page.getByTestId('output-panel').getByTestId('run-data-schema-item');
		for (const name of names) {
			const item = items.filter({ has: this.page.getByText(name, { exact: true }) }).first();
			this.seen[name] = await item.getByTestId('run-data-schema-item-value').innerText();
		}
	}
}

function pattern(words: string): RegExp {
	return new RegExp(words, 'i');
}
