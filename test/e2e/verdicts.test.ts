import { chain, node } from '../support/engine/workflows';
import { image, images, textFile, video, videos } from '../support/engine/media';
import { codeNode, expectVerdicts, IMAGE, readFiles, startNode, useBench, VIDEO } from './bench';

const bench = useBench({ shuffle: true });

test('120 images of three formats, with results in random order, get their own verdicts', async () => {
	const samples = images(120);
	const files = await bench.write(samples);
	const { items, status } = await bench.run([readFiles(files), bench.imageNode()]);
	expect(status).toBe('success');
	expectVerdicts(items, samples);
	expect(bench.emulator.batchRequests.map((request) => request.files.length).sort()).toEqual([
		20, 50, 50,
	]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(samples.map((_, item) => ({ item })));
});

test('45 videos take three requests, and each gets its own verdict', async () => {
	const samples = videos(45);
	const files = await bench.write(samples);
	const { items } = await bench.run([readFiles(files), bench.videoNode()]);
	expectVerdicts(items, samples);
	expect(bench.emulator.batchRequests).toHaveLength(3);
	expect(new Set(bench.emulator.batchRequests.map(({ path }) => path))).toEqual(
		new Set(['/batch_video']),
	);
});

test('mixed items through both nodes keep each verdict', async () => {
	const samples = [...images(7), ...videos(5), ...images(6, 'more')];
	const files = await bench.write(samples);
	const options = { otherItems: 'passThrough' };
	const { items } = await bench.run([
		readFiles(files),
		bench.imageNode(options),
		bench.videoNode(options),
	]);
	expectVerdicts(items, samples);
});

test('items with two files, one of which is inline', async () => {
	const samples = images(60);
	const inline = image('inline');
	const files = await bench.write(samples);
	const base64 = JSON.stringify(inline.content.toString('base64'));
	const code = codeNode(
		`return $input.all().map((item) => ({ json: item.json, binary: { ...item.binary, second: { data: ${base64}, mimeType: 'text/plain' } } }))`,
	);
	const { items, error } = await bench.run([
		readFiles(files),
		code,
		bench.imageNode({ binaryPropertyName: 'data, second' }),
	]);
	expect(error).toBeUndefined();
	items.forEach(({ json }, index) => {
		const verdicts = [samples[index]!.verdict, inline.verdict];
		expect(json).toMatchObject({
			isAI: verdicts.some(({ isAI }) => isAI),
			confidence: Math.max(...verdicts.map(({ confidence }) => confidence)),
			bitMind: { files: verdicts },
		});
	});
	expect(items).toHaveLength(60);
});

test('with an error output, only a text file among images goes there', async () => {
	const samples = [...images(3), textFile(), ...images(3, 'more')];
	const files = await bench.write(samples);
	const detect = bench.imageNode({}, { onError: 'continueErrorOutput' });
	const workflow = chain([startNode(), readFiles(files), detect]);
	workflow.nodes.push(node('n8n-nodes-base.noOp', 'Good'), node('n8n-nodes-base.noOp', 'Bad'));
	workflow.connections[IMAGE] = {
		main: ['Good', 'Bad'].map((name) => [{ node: name, type: 'main', index: 0 }]),
	};
	const result = await bench.runWorkflow(workflow);
	expect(result.status).toBe('success');
	expectVerdicts(
		result.itemsOf('Good'),
		samples.filter(({ fileName }) => fileName !== 'notes.txt'),
	);
	const [bad, ...others] = result.itemsOf('Bad');
	expect(others).toEqual([]);
	expect(bad?.json.error).toMatch(
		/notes\.txt' in 'data' is plain text, not JPEG, PNG or WebP\..* \[item 3\]$/,
	);
	expect(bad?.json.fileName).toContain('notes.txt');
	expect(bad?.binary?.data).toBeDefined();
});

test("on 'Stop', a text file stops the run before the first request", async () => {
	const samples = [...images(3), textFile()];
	const files = await bench.write(samples);
	const { status, error } = await bench.run([readFiles(files), bench.imageNode()]);
	expect(status).toBe('error');
	expect(error?.message).toMatch(
		/notes\.txt' in 'data' is plain text, not JPEG, PNG or WebP\..* \[item 3\]$/,
	);
	expect(bench.emulator.requests).toEqual([]);
});

test('a workflow with combined binary mode', async () => {
	const samples = [...images(3), video()];
	const files = await bench.write(samples);
	const options = { otherItems: 'passThrough' };
	const nodes = [readFiles(files), bench.imageNode(options), bench.videoNode(options)];
	const settings = { binaryMode: 'combined', executionOrder: 'v1' } as const;
	const { items, error } = await bench.run(nodes, settings);
	expect(error).toBeUndefined();
	expectVerdicts(items, samples);
	for (const { json, binary } of items) {
		expect(json._files).toHaveProperty('data');
		expect(binary).toBeUndefined();
	}
});

test('both nodes have their names on errors', async () => {
	const files = await bench.write([video()]);
	const { error } = await bench.run([readFiles(files), bench.imageNode()]);
	expect(error?.message).toContain(`is MP4, not JPEG, PNG or WebP. Use ${VIDEO} for it`);
});
