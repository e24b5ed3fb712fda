import type { INodeExecutionData } from 'n8n-workflow';
import { codeNode, readFiles, startNode, type Bench } from '../e2e/bench';
import { bandOf } from '../support/engine/bands';
import { image, images, textFile, videos, type Sample } from '../support/engine/media';
import { chain, node } from '../support/engine/workflows';
import type { Tally } from './tally';

const verdicts = (samples: readonly Sample[]) => samples.map(({ verdict }) => verdict);

/** A few workflows that cover everything. Returns their output, to compare hosts. */
export async function runWorkloads(bench: Bench, tally: Tally): Promise<unknown> {
	const all: INodeExecutionData[][] = [];
	for (const workload of [manyImages, manyVideos, mixedStream, twoFiles, routed, combined]) {
		bench.emulator.reset();
		all.push(...(await workload(bench, tally)));
	}
	return all.map((items) => items.map(comparable));
}

async function manyImages(bench: Bench, tally: Tally): Promise<INodeExecutionData[][]> {
	const samples = images(120);
	const { items } = await bench.run([readFiles(await bench.write(samples)), bench.imageNode()]);
	tally.add(items, verdicts(samples));
	tally.expect(bench.emulator.batchRequests.length === 3, '120 images in 3 requests');
	return [items];
}

async function manyVideos(bench: Bench, tally: Tally): Promise<INodeExecutionData[][]> {
	const samples = videos(45);
	const { items } = await bench.run([readFiles(await bench.write(samples)), bench.videoNode()]);
	tally.add(items, verdicts(samples));
	tally.expect(bench.emulator.batchRequests.length === 3, '45 videos in 3 requests');
	return [items];
}

async function mixedStream(bench: Bench, tally: Tally): Promise<INodeExecutionData[][]> {
	const samples = [...images(7), textFile(), ...videos(5), ...images(6, 'more')];
	const pass = { otherItems: 'passThrough' };
	const { items } = await bench.run([
		readFiles(await bench.write(samples)),
		bench.imageNode(pass),
		bench.videoNode(pass),
	]);
	tally.add(
		items,
		samples.map(({ fileName, verdict }) => (fileName === 'notes.txt' ? null : verdict)),
	);
	return [items];
}

/** For each item, n8n stores one file, and the item carries another one itself. */
async function twoFiles(bench: Bench, tally: Tally): Promise<INodeExecutionData[][]> {
	const samples = images(30);
	const inline = image('inline');
	const file = JSON.stringify({ data: inline.content.toString('base64'), mimeType: 'text/plain' });
	const code = codeNode(
		`return $input.all().map((item) => ({ json: item.json, binary: { ...item.binary, second: ${file} } }))`,
	);
	const { items } = await bench.run([
		readFiles(await bench.write(samples)),
		code,
		bench.imageNode({ binaryPropertyName: '*' }),
	]);
	const expected = samples.map(({ verdict }) => ({
		isAI: verdict.isAI || inline.verdict.isAI,
		confidence: Math.max(verdict.confidence, inline.verdict.confidence),
	}));
	tally.add(items, expected);
	return [items];
}

/** Three outputs and the error output; identical files are sent once. */
async function routed(bench: Bench, tally: Tally): Promise<INodeExecutionData[][]> {
	const samples = [...images(20), ...images(20), textFile()];
	const parameters = { routeByVerdict: true, options: { deduplicate: true } };
	const detect = bench.imageNode(parameters, { onError: 'continueErrorOutput' });
	const workflow = chain([startNode(), readFiles(await bench.write(samples)), detect]);
	const names = ['AI', 'Review', 'Authentic', 'Error'];
	workflow.nodes.push(...names.map((name) => node('n8n-nodes-base.noOp', name)));
	workflow.connections[detect.name] = {
		main: names.map((name) => [{ node: name, type: 'main', index: 0 }]),
	};
	const result = await bench.runWorkflow(workflow);
	const outputs = names.map((name) => result.itemsOf(name));
	const checked = samples.slice(0, 40);
	(['ai', 'review', 'authentic'] as const).forEach((band, route) => {
		tally.add(outputs[route] ?? [], verdicts(checked.filter((sample) => bandOf(sample) === band)));
	});
	tally.add(outputs[3] ?? [], [null]);
	const sent = bench.emulator.batchRequests.flatMap(({ files }) => files);
	tally.expect(sent.length === 20, 'identical files sent once');
	return outputs;
}

async function combined(bench: Bench, tally: Tally): Promise<INodeExecutionData[][]> {
	const samples = images(12);
	const settings = { binaryMode: 'combined', executionOrder: 'v1' } as const;
	const nodes = [readFiles(await bench.write(samples)), bench.imageNode()];
	const { items } = await bench.run(nodes, settings);
	tally.add(items, verdicts(samples));
	return [items];
}

/**
 * What must be equal on all hosts: not request IDs, nor where a file is stored. n8n 1.123 has no
 * combined mode, and stores the files of such a workflow like all others.
 */
function comparable({ json, binary, pairedItem }: INodeExecutionData): unknown {
	const { _files = binary, ...rest } = json;
	const text = JSON.stringify({ rest, pairedItem, hasFiles: Boolean(_files) });
	return JSON.parse(
		text.replace(/"(requestId|fileName|directory)":"[^"]*"/g, '"$1":""'),
	) as unknown;
}
