import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';
import { runCommand } from '../support/host/command';
import { useBench } from './bench';

const bench = useBench();
const PROJECT = resolve(__dirname, '../..');

test('the tarball contains dist and the three documents, and nothing else', async () => {
	const { stdout } = await runCommand('tar', ['-tzf', bench.shared.tarball]);
	const files = stdout
		.trim()
		.split('\n')
		.map((path) => path.replace(/^package\//, ''));
	const outside = files.filter((path) => !path.startsWith('dist/'));
	expect(outside.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
	const kinds = /\.(js|d\.ts|svg|node\.json)$/;
	expect(files.filter((path) => path.startsWith('dist/') && !kinds.test(path))).toEqual([]);
	expect(files.some((path) => path.includes('test'))).toBe(false);
});

test('the package installs its three dependencies, and no copy of n8n', async () => {
	const { dependencies, peerDependencies, scripts } = JSON.parse(
		await readFile(join(PROJECT, 'package.json'), 'utf8'),
	) as Record<string, Record<string, string>>;
	expect(Object.keys(dependencies ?? {})).toEqual(['form-data', 'undici', 'zod']);
	expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(Object.keys(scripts ?? {}).filter((name) => /install|prepare|publish/.test(name))).toEqual(
		[],
	);
});

test('n8n knows both nodes, with icons for the light and the dark theme', async () => {
	const types = await bench.api.nodeTypes('n8n-nodes-bitmind');
	// n8n also offers them as tools.
	const nodes = types.filter(({ name }) => !name.endsWith('Tool'));
	expect(nodes.map(({ displayName }) => displayName).sort()).toEqual([
		'Batch Image Detect',
		'Batch Video Detect',
	]);
	for (const { iconUrl, codex } of nodes) {
		const { light, dark } = iconUrl as { light: string; dark: string };
		for (const path of [light, dark]) {
			const response = await fetch(`${bench.shared.url}/${path}`);
			expect(response.headers.get('content-type')).toContain('svg');
			expect(await response.text()).toContain('<svg');
		}
		expect(codex?.alias).toContain('deepfakes');
	}
});

test("n8n's AI workflow builder knows what the nodes are for, and its hints only name existing nodes", async () => {
	const all = await bench.api.rest.request<INodeTypeDescription[]>('GET', '/types/nodes.json');
	const names = new Set(all.map(({ name }) => name));
	for (const name of ['n8n-nodes-bitmind.batchImageDetect', 'n8n-nodes-bitmind.batchVideoDetect']) {
		const { builderHint } = all.find((type) => type.name === name) ?? {};
		expect(builderHint?.searchHint).toMatch(/AI-generated or deepfakes/);
		const related = builderHint?.relatedNodes?.map(({ nodeType }) => nodeType) ?? [];
		expect(related).not.toHaveLength(0);
		expect(related.filter((nodeType) => !names.has(nodeType))).toEqual([]);
		// The builder writes code, in which n8n's expressions would be read as code.
		expect(JSON.stringify(builderHint)).not.toMatch(/\{\{|\}\}/);
	}
});

test('n8n knows the credential', async () => {
	const all = await bench.api.rest.request<Array<{ name: string; displayName: string }>>(
		'GET',
		'/types/credentials.json',
	);
	expect(all.find(({ name }) => name === 'bitMindEnterpriseApi')).toMatchObject({
		displayName: 'BitMind Enterprise API',
		supportedNodes: ['n8n-nodes-bitmind.batchImageDetect', 'n8n-nodes-bitmind.batchVideoDetect'],
	});
});
