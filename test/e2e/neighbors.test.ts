import type { INode } from 'n8n-workflow';
import { image, images, textFile } from '../support/engine/media';
import { chain, node } from '../support/engine/workflows';
import { codeNode, expectVerdicts, IMAGE, readFiles, startNode, useBench } from './bench';
import { FakeModel } from './fakeModel';

const bench = useBench();

/** A last node that does nothing. */
const end = (name: string): INode => node('n8n-nodes-base.noOp', name);

test('in a sub-workflow', async () => {
	const samples = images(60);
	const called = chain([
		node(
			'n8n-nodes-base.executeWorkflowTrigger',
			'Called',
			{ inputSource: 'passthrough' },
			{ typeVersion: 1.1 },
		),
		bench.imageNode(),
	]);
	const id = await bench.api.createWorkflow({ name: 'Called', ...called });
	await bench.api.publish(id);
	const call = node(
		'n8n-nodes-base.executeWorkflow',
		'Call',
		{ workflowId: { __rl: true, value: id, mode: 'id' }, options: {} },
		{ typeVersion: 1.2 },
	);
	const { items, error } = await bench.run([readFiles(await bench.write(samples)), call]);
	expect(error).toBeUndefined();
	expectVerdicts(items, samples);
	expect(bench.emulator.batchRequests).toHaveLength(2);
});

test('in Loop Over Items', async () => {
	const samples = images(25);
	const loop = node(
		'n8n-nodes-base.splitInBatches',
		'Loop',
		{ batchSize: 10, options: {} },
		{ typeVersion: 3 },
	);
	const workflow = chain([startNode(), readFiles(await bench.write(samples)), loop]);
	workflow.nodes.push(bench.imageNode(), end('After'));
	workflow.connections.Loop = {
		main: [[{ node: 'After', type: 'main', index: 0 }], [{ node: IMAGE, type: 'main', index: 0 }]],
	};
	workflow.connections[IMAGE] = { main: [[{ node: 'Loop', type: 'main', index: 0 }]] };
	const result = await bench.runWorkflow(workflow);
	expect(result.error).toBeUndefined();
	expectVerdicts(result.itemsOf('After'), samples);
	const sizes = bench.emulator.batchRequests.map(({ files }) => files.length);
	expect(sizes).toEqual([10, 10, 5]);
});

test('with pinned data, whose files are inline', async () => {
	const samples = images(3);
	const pinned = samples.map(({ content, fileName }) => ({
		json: {},
		binary: { data: { data: content.toString('base64'), mimeType: 'text/plain', fileName } },
	}));
	const workflow = chain([
		startNode(),
		codeNode('throw new Error("pinned")', 'Pinned'),
		bench.imageNode(),
	]);
	const result = await bench.runWorkflow({ ...workflow, pinData: { Pinned: pinned } } as never);
	expect(result.error).toBeUndefined();
	expectVerdicts(result.items, samples);
});

test('with its own output pinned, it sends nothing', async () => {
	const workflow = chain([
		startNode(),
		readFiles(await bench.write(images(2))),
		bench.imageNode(),
		end('After'),
	]);
	const pinData = { [IMAGE]: [{ json: { isAI: true, confidence: 0.9 } }] };
	const result = await bench.runWorkflow({ ...workflow, pinData } as never);
	expect(result.itemsOf('After')[0]?.json).toEqual({ isAI: true, confidence: 0.9 });
	expect(bench.emulator.requests).toEqual([]);
});

test("with 'Execute Once' and 'Retry On Fail'", async () => {
	const samples = images(3);
	const files = await bench.write(samples);
	const once = await bench.run([readFiles(files), bench.imageNode({}, { executeOnce: true })]);
	expectVerdicts(once.items, samples.slice(0, 1));

	bench.emulator.reset();
	bench.emulator.misbehave(({ index }) =>
		index === 0 ? { kind: 'status', status: 403, json: { detail: 'not yet' } } : undefined,
	);
	const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
	const twice = await bench.run([readFiles(files), bench.imageNode({}, retrying)]);
	expect(twice.error).toBeUndefined();
	expectVerdicts(twice.items, samples);
});

test('with files from the HTTP Request node, whatever their names', async () => {
	const sample = image('downloaded');
	const server = await bench.serve(sample.content);
	const download = node(
		'n8n-nodes-base.httpRequest',
		'Download',
		{ url: server.url, options: { response: { response: { responseFormat: 'file' } } } },
		{ typeVersion: 4.2 },
	);
	const { items, error } = await bench.run([download, bench.imageNode()]);
	await server.close();
	expect(error).toBeUndefined();
	expectVerdicts(items, [sample]);
});

test('an If node can distinguish a failed item from others', async () => {
	const files = await bench.write([...images(2), textFile()]);
	const condition = {
		leftValue: '={{ $json.error }}',
		rightValue: '',
		operator: { type: 'string', operation: 'exists', singleValue: true },
	};
	const decide = node(
		'n8n-nodes-base.if',
		'Failed?',
		{
			conditions: {
				options: { version: 2, typeValidation: 'loose', caseSensitive: true, leftValue: '' },
				combinator: 'and',
				conditions: [condition],
			},
		},
		{ typeVersion: 2.2 },
	);
	const result = await bench.run([
		readFiles(files),
		bench.imageNode({}, { onError: 'continueRegularOutput' }),
		decide,
	]);
	expect(result.itemsOf('Failed?', 0)).toHaveLength(1);
	expect(result.itemsOf('Failed?', 1)).toHaveLength(2);
});

test.each([2.2, 3])('as a tool of AI Agent %d, it explains what it needs', async (typeVersion) => {
	const model = new FakeModel();
	await model.start();
	const { id, name } = await bench.api.createCredential({
		name: 'Model',
		type: 'openAiApi',
		data: { apiKey: 'none', url: model.url },
	});
	const agent = node(
		'@n8n/n8n-nodes-langchain.agent',
		'Agent',
		{ promptType: 'define', text: 'Is this picture real?', options: {} },
		{ typeVersion },
	);
	const workflow = chain([startNode(), agent]);
	const tool = bench.imageNode();
	workflow.nodes.push(
		node(
			'@n8n/n8n-nodes-langchain.lmChatOpenAi',
			'Model',
			{ model: { __rl: true, mode: 'id', value: 'fake' }, options: {} },
			{ typeVersion: 1.2, credentials: { openAiApi: { id, name } } },
		),
		{ ...tool, type: `${tool.type}Tool` },
	);
	workflow.connections.Model = {
		ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]],
	};
	workflow.connections[tool.name] = { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] };
	const result = await bench.runWorkflow(workflow);
	await model.stop();
	expect(result.error).toBeUndefined();
	expect(model.asked[0]?.tools?.[0]?.function.description).toMatch(/images for AI generation/);
	const [call] = result.run.data.resultData.runData[tool.name] ?? [];
	expect(JSON.stringify(call?.data?.ai_tool)).toContain(
		"has no binary field 'data'. This tool checks image files",
	);
	expect(result.itemsOf('Agent')[0]?.json.output).toBe('Done.');
	expect(bench.emulator.requests).toEqual([]);
});
