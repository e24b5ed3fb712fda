/** `npm run screenshots`: takes the pictures of the documentation anew, in the real editor. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { INode, INodeProperties } from 'n8n-workflow';
import { IMAGES } from '../client';
import { properties, VERSIONS } from '../nodes/shared/settings/description';
import { failing, startEmulator, type Emulator } from '../test/support/emulator';
import { images, textFile, type Sample } from '../test/support/engine/media';
import { chain, node, type WorkflowJson } from '../test/support/engine/workflows';
import { Editor, VIEWPORT } from '../test/support/host/editor/browser';
import { installHost } from '../test/support/host/install/install';
import { N8n } from '../test/support/host/n8n';
import { installPackage, packProject } from '../test/support/host/install/pack';
import type { Credential, Workflow } from '../test/support/host/workflow';
import { prepareFolders, withProjectFolders } from './exampleFolders';
import { ExamplePictures } from './examplePictures';
import { withCredentials } from './importExamples';

const PROJECT = resolve(__dirname, '..');
const PICTURES = join(PROJECT, 'docs', 'images');
const CREDENTIAL_TYPE = 'bitMindEnterpriseApi';
const SETTLING_MS = 1_500;
/** Room for a panel with every option. */
const TALL_PX = 1_600;

class Studio {
	constructor(
		private readonly n8n: N8n,
		private readonly emulator: Emulator,
		private readonly editor: Editor,
		private readonly credential: Credential,
		private readonly files: string,
	) {}

	async takeAll(): Promise<void> {
		await this.search();
		await this.folderExample();
		await this.options();
		await this.result();
		await this.routing();
		await this.hint();
		await this.credentials();
	}

	private async search(): Promise<void> {
		await this.open(chain([start()]));
		await this.editor.searchNodeCreator('deepfake');
		await this.take('search');
		await this.editor.closeNodeCreator();
	}

	private async folderExample(): Promise<void> {
		const example = this.example('check-a-folder.json');
		await this.open(example);
		await this.editor.executeWorkflow();
		await this.editor.closeNotifications();
		await this.take('canvas');
	}

	/** The panel of a new node that routes, with every option added. */
	private async options(): Promise<void> {
		const values = Object.fromEntries(
			optionsOf(properties(IMAGES)).map((option) => [option.name, option.default as string]),
		);
		// Those beneath the switch are shown as long as these are not added.
		const { aiFrom, reviewFrom, ...options } = values;
		const detect = this.imageNode({ routeByVerdict: true, options }, { position: [240, 0] });
		await this.open(chain([start(), detect]));
		const { page } = this.editor;
		await page.setViewportSize({ width: VIEWPORT.width, height: TALL_PX });
		await this.editor.openNode(detect.name);
		await page.waitForTimeout(SETTLING_MS);
		const panel = page.getByTestId('node-parameters').first();
		await panel.screenshot({ path: join(PICTURES, 'options.png') });
		await this.editor.closeNode();
		await page.setViewportSize(VIEWPORT);
	}

	private async result(): Promise<void> {
		// Without files, the panel opens on the data.
		const options = { includeFiles: false };
		const detect = this.imageNode({ options }, { position: [480, 0] });
		await this.open(chain([start(), readFiles(await this.write(images(50))), detect]));
		await this.editor.executeWorkflow();
		await this.editor.closeNotifications();
		await this.editor.openNode(detect.name);
		await this.showAs('Table');
		await this.take('node');
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
		await this.take('routing');
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
		await this.take('hint');
		await this.editor.closeNode();
	}

	private async credentials(): Promise<void> {
		const { editor } = this;
		await editor.openNewCredential('BitMind Enterprise API');
		await this.take('credential-api-key');
		await editor.choose('authentication', 'OAuth2 with Client Certificate (mTLS)');
		await this.take('credential-mtls');
		const data = { ...this.credential.data, apiKey: 'enterprise-mistyped' };
		const wrong = await this.n8n.api.createCredential({ ...this.credential, data });
		await editor.openCredential(wrong.id);
		await this.take('credential-fails');
	}

	private example(file: string): Workflow {
		const text = readFileSync(join(PROJECT, 'examples', file), 'utf8');
		return withCredentials(JSON.parse(withProjectFolders(text)) as Workflow, [this.credential]);
	}

	private imageNode(parameters: INode['parameters'], settings: Partial<INode>): INode {
		const { id, name } = this.credential;
		const credentials = { [CREDENTIAL_TYPE]: { id, name } };
		const type = 'n8n-nodes-bitmind.batchImageDetect';
		const typeVersion = VERSIONS.at(-1);
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

	private async take(name: string): Promise<void> {
		await this.editor.page.waitForTimeout(SETTLING_MS);
		console.log(await this.editor.screenshot(name, PICTURES));
	}
}

function optionsOf(panel: readonly INodeProperties[]): INodeProperties[] {
	return (panel.find(({ type }) => type === 'collection')?.options ?? []) as INodeProperties[];
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
		const credential = await n8n.api.createCredential({
			name: 'BitMind',
			type: CREDENTIAL_TYPE,
			data: { authentication: 'apiKey', apiKey: emulator.apiKey, baseUrl: emulator.url },
		});
		const editor = await Editor.open(n8n.api);
		try {
			await new Studio(n8n, emulator, editor, credential, files).takeAll();
		} catch (error) {
			console.error(await editor.screenshot('where it went wrong'));
			throw error;
		} finally {
			await editor.close();
		}
		await ExamplePictures.take(n8n, credential, files);
	} finally {
		await n8n.stop();
		await emulator.close();
		await rm(files, { recursive: true, force: true });
	}
}

void main();
