/**
 * `npm run screenshots`: takes all pictures of the documentation again, in the real editor.
 * `npm run screenshots -- nodes` leaves out those of the examples.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { INode, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type { Locator } from 'playwright-core';
import { failing, startEmulator, type Emulator } from '../test/support/emulator';
import { images, textFile, type Sample } from '../test/support/engine/media';
import { chain, node, type WorkflowJson } from '../test/support/engine/workflows';
import { Editor } from '../test/support/host/editor/browser';
import { installHost } from '../test/support/host/install/install';
import { N8n } from '../test/support/host/n8n';
import { ReadmeReader, stepsOf } from '../test/support/host/editor/readmeSteps';
import { installPackage, packProject } from '../test/support/host/install/pack';
import type { Credential } from '../test/support/host/workflow';
import { prepareFolders } from './exampleFolders';
import { canvasOf, type Clip, clipOf, ExamplePictures, OVERLAYS, shrink } from './examplePictures';

const PROJECT = resolve(__dirname, '..');
const PICTURES = join(PROJECT, 'docs', 'images');
const PICTURE = join(PROJECT, 'test', 'fixtures', 'media', 'images', 'hills.jpg');
const USUAL = { width: 1440, height: 900 };
const LOW = { ...USUAL, height: 660 };
const HIGH = { ...USUAL, height: 1600 };
const CREDENTIAL_TYPE = 'bitMindEnterpriseApi';
const SETTLING_MS = 1_500;

class Studio {
	constructor(
		private readonly n8n: N8n,
		private readonly emulator: Emulator,
		private readonly editor: Editor,
		private readonly credential: Credential,
		private readonly files: string,
		private readonly nodeType: INodeTypeDescription,
	) {}

	async takeAll(): Promise<void> {
		await this.firstRun();
		await this.editor.page.setViewportSize(USUAL);
		await this.options();
		await this.table();
		await this.routing();
		await this.hint();
		await this.credentials();
	}

	/** By the steps of README, without the one that creates a credential. */
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
		const { properties } = this.nodeType;
		const all = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
		// The thresholds are shown beneath the switch as long as these are not added.
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
		// Without files, the panel opens on the data.
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
		// The nodes' names stand below them.
		await this.shoot('routing', await canvasOf(page, 48));
		await page.reload();
	}

	private async hint(): Promise<void> {
		this.emulator.misbehave(failing(0.4, { kind: 'status', status: 503 }, Math.random));
		const options = { batchSize: 4, includeInputFields: false };
		const detect = this.imageNode({ options }, { position: [480, 0] });
		await this.open(chain([start(), readFiles(await this.write(images(60))), detect]));
		await this.editor.executeWorkflow();
		this.emulator.reset();
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
		const data = { ...this.credential.data, apiKey: 'enterprise-mistyped' };
		const wrong = await this.n8n.api.createCredential({ ...this.credential, data });
		await editor.openCredential(wrong.id);
		await this.take('credential-fails', dialog);
	}

	private imageNode(parameters: INode['parameters'], settings: Partial<INode>): INode {
		const { id, name } = this.credential;
		const credentials = { [CREDENTIAL_TYPE]: { id, name } };
		const type = 'n8n-nodes-bitmind.batchImageDetect';
		const typeVersion = Math.max(...[this.nodeType.version].flat());
		return node(type, 'Batch Image Detect', parameters, { credentials, typeVersion, ...settings });
	}

	private async open(workflow: WorkflowJson): Promise<void> {
		const id = await this.n8n.api.createWorkflow({ name: 'Batch Image Detect', ...workflow });
		await this.editor.openWorkflow(id);
	}

	private async write(samples: readonly Sample[]): Promise<string> {
		const folder = await mkdtemp(join(this.files, 'inbox-'));
		for (const [index, { fileName, content }] of samples.entries()) {
			await writeFile(join(folder, `${index}-${fileName.replace(/^\d+-/, '')}`), content);
		}
		return join(folder, '*');
	}

	/** Both panels, so that no picture shows where this machine keeps its files. */
	private async showAs(view: string): Promise<void> {
		for (const panel of ['ndv-input-panel', 'output-panel']) {
			await this.editor.page.getByTestId(panel).getByText(view, { exact: true }).click();
		}
	}

	/** The part of the screen that these take: small enough to be read at README's width. */
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

async function main(): Promise<void> {
	const host = await installHost('2.41.1', console.log);
	const files = await mkdtemp(join(tmpdir(), 'bitmind-pictures-'));
	const readableFolders = [files, ...(await prepareFolders(PROJECT))];
	const emulator = await startEmulator();
	const n8n = await N8n.create({ host, workingFolder: PROJECT, readableFolders });
	try {
		await mkdir(PICTURES, { recursive: true });
		await installPackage(await packProject(), n8n.userFolder);
		await n8n.start();
		const nodeTypes = await n8n.api.nodeTypes('n8n-nodes-bitmind');
		const nodeType = nodeTypes.find(({ displayName }) => displayName === 'Batch Image Detect');
		if (!nodeType) throw new Error('n8n has not loaded the nodes');
		const credential = await n8n.api.createCredential({
			name: 'BitMind',
			type: CREDENTIAL_TYPE,
			data: { authentication: 'apiKey', apiKey: emulator.apiKey, baseUrl: emulator.url },
		});
		const editor = await Editor.open(n8n.api);
		try {
			await new Studio(n8n, emulator, editor, credential, files, nodeType).takeAll();
		} catch (error) {
			console.error(await editor.screenshot('where it went wrong'));
			throw error;
		} finally {
			await editor.close();
		}
		if (process.argv[2] !== 'nodes') await ExamplePictures.take(n8n, credential, files);
	} finally {
		await n8n.stop();
		await emulator.close();
		await rm(files, { recursive: true, force: true });
	}
}

void main();
