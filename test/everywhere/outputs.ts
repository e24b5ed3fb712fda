import type { INodeExecutionData, OnError } from 'n8n-workflow';
import { readFiles, startNode, type Bench } from '../e2e/bench';
import { bandOf, OUTPUT_OF } from '../support/engine/bands';
import { images, textFile, type Sample } from '../support/engine/media';
import { ERROR, outputNames, UNROUTED } from '../support/engine/routed';
import { chain, node } from '../support/engine/workflows';
import { NEWEST, nameOf, type Platform } from './hosts';
import { withInstallation } from './installation';
import type { Row } from './row';
import { Tally } from './tally';

const OLDEST: Platform = { version: '1.123.81', node: 'installed' };
const ON_NEWEST: Platform = { version: NEWEST, node: 'installed' };

/** Hosts and their expression engines. `vm` is the default of the newest one. */
const ENGINES: ReadonlyArray<readonly [Platform, 'legacy' | 'vm' | 'quickjs']> = [
	[OLDEST, 'legacy'],
	[{ version: '2.8.4', node: 'callers' }, 'legacy'],
	[ON_NEWEST, 'vm'],
	[ON_NEWEST, 'quickjs'],
	[ON_NEWEST, 'legacy'],
];

const BINARY_MODES = ['separate', 'combined'] as const;
const ON_ERROR: readonly OnError[] = [
	'stopWorkflow',
	'continueRegularOutput',
	'continueErrorOutput',
];

interface Combination {
	binaryMode: (typeof BINARY_MODES)[number];
	onError: OnError;
	routeByVerdict: boolean;
}

const COMBINATIONS: readonly Combination[] = BINARY_MODES.flatMap((binaryMode) =>
	ON_ERROR.flatMap((onError) =>
		[false, true].map((routeByVerdict) => ({ binaryMode, onError, routeByVerdict })),
	),
);

/** n8n evaluates a node's outputs with an expression, and loses items if it can't. */
export async function* outputs(): AsyncGenerator<Row> {
	for (const [platform, engine] of ENGINES) {
		const tally = new Tally();
		const env = { N8N_EXPRESSION_ENGINE: engine };
		await withInstallation({ ...platform, env }, async ({ bench }) => {
			const samples = images(24, 'outputs');
			const good = await bench.write(samples);
			const mixed = await bench.write([...samples, textFile()]);
			for (const combination of COMBINATIONS) {
				const isStopping = combination.onError === 'stopWorkflow';
				const files = isStopping ? good : mixed;
				await expectEachOnce(bench, tally, { files, samples, combination });
			}
		});
		yield tally.row(nameOf(platform), `all outputs, expressions by ${engine}`);
	}
}

interface Subject {
	files: string;
	samples: readonly Sample[];
	combination: Combination;
}

async function expectEachOnce(bench: Bench, tally: Tally, subject: Subject): Promise<void> {
	const { files, samples, combination } = subject;
	const { binaryMode, onError, routeByVerdict } = combination;
	const detect = bench.imageNode({ routeByVerdict }, { onError });
	const workflow = chain([startNode(), readFiles(files), detect], { binaryMode });
	const names = outputNames(detect);
	workflow.nodes.push(...names.map((name) => node('n8n-nodes-base.noOp', name)));
	workflow.connections[detect.name] = {
		main: names.map((name) => [{ node: name, type: 'main', index: 0 }]),
	};
	const result = await bench.runWorkflow(workflow);
	const failed = onError === 'continueErrorOutput' ? ERROR : routeByVerdict ? 'Review' : UNROUTED;
	const said = JSON.stringify(combination);
	tally.expect(result.status === 'success', `${said}: ${result.status}`);
	for (const name of names) {
		const expected = samples.filter(
			(sample) => name === (routeByVerdict ? OUTPUT_OF[bandOf(sample)] : UNROUTED),
		);
		const items = result.itemsOf(name);
		const [checked, others] = [items.filter(isChecked), items.filter((item) => !isChecked(item))];
		tally.add(
			checked,
			expected.map(({ verdict }) => verdict),
		);
		const wanted = name === failed && onError !== 'stopWorkflow' ? 1 : 0;
		tally.expect(others.length === wanted, `${said}: ${others.length} failed items on ${name}`);
	}
}

function isChecked({ json }: INodeExecutionData): boolean {
	return typeof json.isAI === 'boolean';
}
