import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { INode, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type { Locator } from 'playwright-core';
import { failing, type Emulator } from '../test/support/emulator';
import { images, textFile, type Sample } from '../test/support/engine/media';
import { chain, node, type WorkflowJson } from '../test/support/engine/workflows';
import { type Editor } from '../test/support/host/editor/browser';
import { type N8n } from '../test/support/host/n8n';
import { ReadmeReader, stepsOf } from '../test/support/host/editor/readmeSteps';
import type { Credential } from '../test/support/host/workflow';
import { canvasOf, type Clip, clipOf, OVERLAYS, shrink } from './examplePictures';

const PROJECT = resolve(__dirname, '..');
const PICTURES = join(PROJECT, 'docs', 'images');
const PICTURE = join(PROJECT, 'test', 'fixtures', 'media', 'images', 'hills.jpg');
const USUAL = { width: 1440, height: 900 };
const LOW = { ...USUAL, height: 660 };
const HIGH = { ...USUAL, height: 1600 };
const SETTLING_MS = 1_500;

interface Setting {
	n8n: N8n;
	emulator: Emulator;
	editor: Editor;
	credential: Credential;
	/** n8n may read and write there. */
	files: string;
	nodeType: INodeTypeDescription;
}

/** Pictures of the nodes and the credential in the editor. */
export class NodePictures {
	private readonly editor: Editor;

	constructor(private readonly setting: Setting) {
		this.editor = setting.editor;
	}

	async takeAll(): Promise<void> {
		await this.firstRun();
		await this.editor.page.setViewportSize(USUAL);
		await this.options();
		await this.table();
		await this.routing();
		await this.hint();
		await this.credentials();
	}

	/** Follows the steps of README, except for the one that creates a credential. */
	private async firstRun(): Promise<void> {
		const { page } = this.editor;
		await this.editor.openOverview();
		const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
		const steps = stepsOf(readme, 'A first run').filter((step) => !step.includes('API Key'));
		await new ReadmeReader(page, { words: {}, file: PICTURE }).follow(steps.join('\n'));
		await this.editor.closeNotifications();
		await page.setViewportSize(LOW);
		await this.take(
			'first-run',
			page.getByTestId('node-parameters'),
			page.getByTestId('output-panel'),
		);
	}

	/** The panel of a node that routes, with every option added. */
	private async options(): Promise<void> {
		const { properties } = this.setting.nodeType;
		const all = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
		// The thresholds are shown below the switch only if they are not added as options.
		const added = all.filter(({ name }) => !['aiFrom', 'reviewFrom'].includes(name));
		const options = Object.fromEntries(added.map((option) => [option.name, option.default]));
		const detect = this.imageNode({ routeByVerdict: true, options }, { position: [240, 0] });
		await this.open(chain([start(), detect]));
		const { page } = this.editor;
		await page.setViewportSize(HIGH);
		await this.editor.openNode(detect.name);
		await this.take('options', page.getByTestId('node-parameters').first());
		await page.setViewportSize(USUAL);
		await this.editor.closeNode();
	}

	private async table(): Promise<void> {
		// Without files, the panel opens with the data.
		const detect = this.imageNode({ options: { includeFiles: false } }, { position: [480, 0] });
		await this.open(chain([start(), readFiles(await this.write(images(50))), detect]));
		await this.editor.executeWorkflow();
		await this.editor.closeNotifications();
		await this.editor.openNode(detect.name);
		await this.showAs('Table');
		await this.take('node', this.editor.page.getByTestId('output-panel'));
		await this.editor.closeNode();
	}

	private async routing(): Promise<void> {
		const samples = [...images(24), textFile()];
		const detect = this.imageNode(
			{ routeByVerdict: true, options: { includeInputFields: false } },
			{ onError: 'continueErrorOutput', position: [480, 0] },
		);
		const workflow = chain([start(), readFiles(await this.write(samples)), detect]);
		const ends = ['Take Down', 'Ask a Person', 'Publish', 'Ask a Person, Too'];
		ends.forEach((name, index) =>
			workflow.nodes.push(
				node('n8n-nodes-base.noOp', name, {}, { position: [860, -330 + 220 * index] }),
			),
		);
		workflow.connections[detect.name] = {
			main: ends.map((name) => [{ node: name, type: 'main', index: 0 }]),
		};
		await this.open(workflow);
		await this.editor.executeWorkflow();
		await this.editor.closeNotifications();
		const { page } = this.editor;
		await page.addStyleTag({ content: OVERLAYS });
		await page.waitForTimeout(SETTLING_MS);
		// The names of the nodes are below them.
		await this.shoot('routing', await canvasOf(page, 48));
		await page.reload();
	}

	private async hint(): Promise<void> {
		this.setting.emulator.misbehave(failing(0.4, { kind: 'status', status: 503 }, Math.random));
		const options = { batchSize: 4, includeInputFields: false };
		const detect = this.imageNode({ options }, { position: [480, 0] });
		await this.open(chain([start(), readFiles(await this.write(images(60))), detect]));
		await this.editor.executeWorkflow();
		this.setting.emulator.reset();
		await this.editor.closeNotifications();
		await this.editor.openNode(detect.name);
		await this.showAs('Table');
		await this.editor.page.setViewportSize(LOW);
		await this.take('hint', this.editor.page.getByTestId('output-panel'));
		await this.editor.page.setViewportSize(USUAL);
		await this.editor.closeNode();
	}

	private async credentials(): Promise<void> {
		const { editor } = this;
		await editor.openNewCredential('BitMind Enterprise API');
		const dialog = editor.page.locator('.el-dialog').filter({ visible: true });
		await this.take('credential-api-key', dialog);
		await editor.choose('authentication', 'OAuth2 with Client Certificate (mTLS)');
		await this.take('credential-mtls', dialog);
		const data = { ...this.setting.credential.data, apiKey: 'enterprise-mistyped' };
		const wrong = await this.setting.n8n.api.createCredential({ ...this.setting.credential, data });
		await editor.openCredential(wrong.id);
		await this.take('credential-fails', dialog);
	}

	private imageNode(parameters: INode['parameters'], settings: Partial<INode>): INode {
		const { id, name, type: credentialType } = this.setting.credential;
		const credentials = { [credentialType]: { id, name } };
		const type = 'n8n-nodes-bitmind.batchImageDetect';
		const typeVersion = Math.max(...[this.setting.nodeType.version].flat());
		return node(type, 'Batch Image Detect', parameters, { credentials, typeVersion, ...settings });
	}

	private async open(workflow: WorkflowJson): Promise<void> {
		const id = await this.setting.n8n.api.createWorkflow({
			name: 'Batch Image Detect',
			...workflow,
		});
		await this.editor.openWorkflow(id);
	}

	private async write(samples: readonly Sample[]): Promise<string> {
		const folder = await mkdtemp(join(this.setting.files, 'inbox-'));
		for (const [index, { fileName, content }] of samples.entries()) {
			await writeFile(join(folder, `${index}-${fileName.replace(/^\d+-/, '')}`), content);
		}
		return join(folder, '*');
	}

	/** Changes both panels, so that no picture shows the folders of this machine. */
	private async showAs(view: string): Promise<void> {
		for (const panel of ['ndv-input-panel', 'output-panel']) {
			await this.editor.page.getByTestId(panel).getByText(view, { exact: true }).click();
		}
	}

	/** Takes only these parts of the screen, so that they are readable at README's width. */
	private async take(name: string, ...parts: Locator[]): Promise<void> {
		await this.editor.page.waitForTimeout(SETTLING_MS);
		await this.shoot(name, await clipOf(parts, 0));
	}

	private async shoot(name: string, clip: Clip): Promise<void> {
		const path = join(PICTURES, `${name}.png`);
		await this.editor.page.screenshot({ path, clip });
		await shrink(path);
		console.log(path);
	}
}

function start(): INode {
	return node('n8n-nodes-base.manualTrigger', 'Start', {}, { position: [0, 0] });
}

function readFiles(fileSelector: string): INode {
	return node(
		'n8n-nodes-base.readWriteFile',
		'Read Files',
		{ fileSelector, options: {} },
		{ typeVersion: 1.1, position: [240, 0] },
	);
}
