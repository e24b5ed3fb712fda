import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { IDataObject, IRun } from 'n8n-workflow';
import { bandOf, type Band } from '../../support/engine/bands';
import { sampleOf, type Sample } from '../../support/engine/media';
import { DataTables } from '../../support/host/api/dataTables';
import { itemsOf } from '../../support/host/runOutput';
import { withCredential, type Credential, type Workflow } from '../../support/host/workflow';
import { MailServer } from '../../support/servers/mailServer';
import { type Bench, useBench } from '../bench';

const EXAMPLES = resolve(__dirname, '../../../examples');
const MEDIA = resolve(__dirname, '../../fixtures/media');
const OUR_NODES = ['n8n-nodes-bitmind.batchImageDetect', 'n8n-nodes-bitmind.batchVideoDetect'];
const MAIL_NODE = 'n8n-nodes-base.emailSend';

/**
 * For the tests of one example. Its tables are removed before each test, and what it published is
 * unpublished after it.
 */
export function useExample(file: string, tables: string[] = []): ExampleBench {
	const example = new ExampleBench(useBench(), file);
	beforeEach(async () => {
		for (const table of tables) await example.tables.remove(table);
		await example.newFolder();
	});
	afterEach(async () => await example.unpublishAll());
	return example;
}

/** A mail server for the tests of a file. */
export function useMailServer(): { readonly server: MailServer } {
	const holder = {} as { server: MailServer };
	beforeAll(async () => void (holder.server = await MailServer.start()));
	afterEach(() => void (holder.server.mails.length = 0));
	afterAll(async () => await holder.server?.close());
	return holder;
}

export class ExampleBench {
	/** Used in place of the examples' `/files`. */
	folder = '';
	private readonly published: string[] = [];

	constructor(
		readonly bench: Bench,
		private readonly file: string,
	) {}

	get tables(): DataTables {
		return new DataTables(this.bench.api.rest);
	}

	async newFolder(): Promise<void> {
		this.folder = await mkdtemp(join(this.bench.shared.filesFolder, 'example-'));
		for (const name of ['inbox', 'real', 'ai', 'reports', 'waiting']) {
			await mkdir(join(this.folder, name));
		}
	}

	async write(samples: readonly Sample[], subfolder = 'inbox'): Promise<void> {
		for (const { fileName, content } of samples) {
			await writeFile(join(this.folder, subfolder, fileName), content);
		}
	}

	/** Returns the ID of the workflow. */
	async import(change: (workflow: ImportedExample) => void = () => {}): Promise<string> {
		const text = readFileSync(join(EXAMPLES, this.file), 'utf8');
		const here = text.replaceAll('/files/', `${this.folder}/`);
		const workflow = JSON.parse(here) as Workflow;
		const example = new ImportedExample(withCredential(workflow, this.bench.credential, OUR_NODES));
		change(example);
		return await this.bench.api.createWorkflow(example.workflow);
	}

	async publish(id: string): Promise<void> {
		await this.bench.api.publish(id);
		this.published.push(id);
	}

	async unpublishAll(): Promise<void> {
		for (const id of this.published.splice(0)) await this.bench.api.unpublish(id);
	}

	/** Makes BitMind's service unavailable until the emulator is reset. */
	outage(): void {
		this.bench.emulator.misbehave(() => ({ kind: 'status', status: 503 }));
	}

	/** Runs the workflow from its trigger, and expects success. */
	async run(id: string, trigger: string): Promise<IRun> {
		const run = await this.bench.api.runWorkflow(id, trigger);
		expect(run.data.resultData.error).toBeUndefined();
		expect(run.status).toBe('success');
		return run;
	}
}

export class ImportedExample {
	constructor(readonly workflow: Workflow) {}

	set(node: string, change: (parameters: any) => void): void {
		const found = this.workflow.nodes.find(({ name }) => name === node);
		if (!found) throw new Error(`The example has no node '${node}'`);
		change(found.parameters);
	}

	/** Keeps an outage short. */
	dontRetry(): void {
		for (const { type, parameters } of this.workflow.nodes) {
			if (OUR_NODES.includes(type)) Object.assign(parameters.options ?? {}, { maxRetries: 0 });
		}
	}

	/** Selects the mail account in all nodes that send mails. */
	useMailAccount({ id, name, type }: Credential): void {
		Object.assign(
			this.workflow,
			withCredential(this.workflow, { id, name, type, data: {} }, [MAIL_NODE]),
		);
	}

	/** Pins the data of a trigger, so that it waits for nothing. */
	pin(node: string, items: unknown[]): void {
		Object.assign(this.workflow, { pinData: { [node]: items } });
	}
}

export async function mailAccount({ api }: Bench, { port }: MailServer): Promise<Credential> {
	const data = { host: '127.0.0.1', port, secure: false, disableStartTls: true };
	return await api.createCredential({ name: 'SMTP', type: 'smtp', data });
}

export function jsonOf(run: IRun, node: string, output = 0): IDataObject[] {
	return itemsOf(run, node, output).map(({ json }) => json);
}

/** One file for each band. */
export function oneOfEach(
	make: (seed: string) => Sample,
	reviewFrom = 0.35,
	aiFrom = 0.65,
): Record<Band, Sample> {
	const found: Partial<Record<Band, Sample>> = {};
	for (let n = 0; Object.keys(found).length < 3; n++) {
		const sample = make(`band ${n}`);
		found[bandOf(sample, reviewFrom, aiFrom)] ??= sample;
	}
	return found as Record<Band, Sample>;
}

/** A photo in a format that BitMind doesn't support. */
export function heicPhoto(): Sample {
	return sampleOf('photo.heic', readFileSync(join(MEDIA, 'notMedia', 'still-life.heic')));
}

/** The same file with another name. */
export function named(sample: Sample, fileName: string): Sample {
	return { ...sample, fileName };
}
