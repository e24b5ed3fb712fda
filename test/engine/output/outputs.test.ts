import { ExecuteContext } from 'n8n-core';
import type { OnError } from 'n8n-workflow';
import { bandOf, OUTPUT_OF } from '../../support/engine/bands';
import { IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { EXPRESSION_ENGINES } from '../../support/engine/services/expressionEngine';
import { images, textFile } from '../../support/engine/media';
import { ERROR, runOutputs, UNROUTED, type Outputs } from '../../support/engine/routed';
import { PASS_ON, SOURCE } from '../../support/engine/standIns';
import { chain, node } from '../../support/engine/workflows';

const samples = images(40, 'outputs');
const good = samples.map((sample, n) => itemOf(sample, { n }));
const bad = [itemOf(textFile(), { n: 'text' }), { json: { n: 'none' } }, {}];

/** The items that are expected at each output. */
function expected(isRouting: boolean, onError: OnError): Record<string, unknown[]> {
	const leaving: Record<string, unknown[]> = {};
	const leave = (name: string, n: unknown) => (leaving[name] ??= []).push(n);
	samples.forEach((sample, n) => leave(isRouting ? OUTPUT_OF[bandOf(sample)] : UNROUTED, n));
	if (onError === 'stopWorkflow') return leaving;
	const failed = onError === 'continueErrorOutput' ? ERROR : isRouting ? 'Review' : UNROUTED;
	for (const n of ['text', 'none', undefined]) leave(failed, n);
	return leaving;
}

function namesOf(outputs: Outputs): Record<string, unknown[]> {
	const taken = Object.entries(outputs).filter(([, items]) => items.length > 0);
	return Object.fromEntries(taken.map(([name, items]) => [name, items.map(({ json }) => json.n)]));
}

describe.each(EXPRESSION_ENGINES)("n8n's expression engine %s", (expressionEngine) => {
	const bench = useBench({ expressionEngine });

	describe.each(['separate', 'combined'] as const)('binary mode %s', (binaryMode) => {
		describe.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
			'On Error %s',
			(onError) => {
				test.each([
					['one output', false],
					['three outputs', true],
				])(
					'bug: with %s, every item leaves once, by the right output',
					async (_, routeByVerdict) => {
						const input = onError === 'stopWorkflow' ? good : [...good, ...bad];
						const detect = imageNode({ routeByVerdict }, { onError });
						const settings = { binaryMode };
						const { result, outputs } = await runOutputs(bench, input, detect, { settings });
						expect(result.error).toBeUndefined();
						expect(namesOf(outputs)).toEqual(expected(routeByVerdict, onError));
						for (const { json } of outputs[ERROR] ?? [])
							expect(json.error).toMatch(/\[item \d+\]$/);
						expect(result.taskOf(IMAGE)?.error).toBeUndefined();
					},
				);
			},
		);
	});
});

describe("outputs that n8n can't evaluate, in a combined workflow", () => {
	const bench = useBench({ settings: { binaryMode: 'combined' } });
	const detect = imageNode({}, { onError: 'continueErrorOutput' });
	const input = [good[0]!, bad[0]!];

	/** With the error output at any index. */
	async function runConnected(errorOutput: number) {
		const names = Array.from({ length: errorOutput + 1 }, (_, index) => `Output ${index}`);
		const workflow = chain([node(SOURCE, 'Source'), detect], { binaryMode: 'combined' });
		workflow.nodes.push(...names.map((name) => node(PASS_ON, name)));
		workflow.connections[detect.name] = {
			main: names.map((name) => [{ node: name, type: 'main', index: 0 }]),
		};
		const credentials = { bitMindEnterpriseApi: bench.form() };
		const result = await bench.engine.run({ workflow, input, credentials });
		return names.map((name) => result.itemsOf(name).map(({ json }) => json.n));
	}

	test("with one output and 'Error' in the editor, as by default", async () => {
		expect(await runConnected(1)).toEqual([[0], ['text']]);
	});

	test("with three outputs and 'Error' in the editor, which couldn't evaluate them either", async () => {
		expect(await runConnected(3)).toEqual([[0], [], [], ['text']]);
	});

	test('without any output, nothing is sent, and each item says why', async () => {
		const spy = jest
			.spyOn(ExecuteContext.prototype, 'getNodeOutputs')
			.mockReturnValue([{ type: 'main', category: 'error' }]);
		const { good: passed, bad: failed } = await bench.runWithErrorOutput(input, detect);
		spy.mockRestore();
		expect(passed).toEqual([]);
		expect(failed.map(({ json }) => json)).toEqual(
			[0, 'text'].map((n) =>
				expect.objectContaining({
					n,
					error: expect.stringMatching(/n8n does not know this node's outputs/),
					bitMind: { errorCode: 'outputsUnknown' },
				}),
			),
		);
		expect(bench.emulator.requests).toEqual([]);
	});
});
