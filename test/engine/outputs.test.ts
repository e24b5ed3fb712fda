import type { OnError } from 'n8n-workflow';
import { IMAGE, imageNode, itemOf, useBench } from '../support/engine/bench';
import { EXPRESSION_ENGINES } from '../support/engine/expressionEngine';
import { images, textFile, type Sample } from '../support/engine/media';
import { ERROR, runOutputs, UNROUTED, type Outputs } from '../support/engine/routed';

const samples = images(40, 'outputs');
const ROUTE_OF = ({ verdict: { confidence } }: Sample) =>
	confidence >= 0.65 ? 'AI Generated' : confidence >= 0.35 ? 'Review' : 'Authentic';
const good = samples.map((sample, n) => itemOf(sample, { n }));
const bad = [itemOf(textFile(), { n: 'text' }), { json: { n: 'none' } }, {}];

/** Where each item should leave, by its name. */
function expected(isRouting: boolean, onError: OnError): Record<string, unknown[]> {
	const leaving: Record<string, unknown[]> = {};
	const leave = (name: string, n: unknown) => (leaving[name] ??= []).push(n);
	samples.forEach((sample, n) => leave(isRouting ? ROUTE_OF(sample) : UNROUTED, n));
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
				])('bug: with %s every item leaves once, by its own', async (_, routeByVerdict) => {
					const input = onError === 'stopWorkflow' ? good : [...good, ...bad];
					const detect = imageNode({ routeByVerdict }, { onError });
					const settings = { binaryMode };
					const { result, outputs } = await runOutputs(bench, input, detect, { settings });
					expect(result.error).toBeUndefined();
					expect(namesOf(outputs)).toEqual(expected(routeByVerdict, onError));
					for (const { json } of outputs[ERROR] ?? []) expect(json.error).toMatch(/\[item \d+\]$/);
					expect(result.taskOf(IMAGE)?.error).toBeUndefined();
				});
			},
		);
	});
});
