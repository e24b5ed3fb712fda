import fc from 'fast-check';
import type { INode } from 'n8n-workflow';
import { poison } from '../../support/emulator';
import { useBench } from '../../support/engine/bench';
import { ERROR, outputNames } from '../../support/engine/routed';
import { PASS_ON, SOURCE } from '../../support/engine/standIns';
import { chain, node, type WorkflowJson } from '../../support/engine/workflows';
import { propertyRuns } from '../../support/propertyRuns';
import { brokenPromises, type Left } from './invariant';
import { BROKEN, chainPlan, itemsOf, nodesOf, type ChainPlan } from './plans';

const bench = useBench();

/** Adds a node to each output that leads nowhere. */
function workflowOf(nodes: INode[], binaryMode: ChainPlan['binaryMode']) {
	const workflow: WorkflowJson = chain([node(SOURCE, 'Source'), ...nodes], { binaryMode });
	const sinks: string[] = [];
	nodes.forEach((detect, index) => {
		const next = nodes[index + 1];
		const targets = outputNames(detect).map((output) => {
			if (next && output !== ERROR) return next.name;
			const name = next ? `${detect.name} ${output}` : output;
			sinks.push(name);
			return name;
		});
		workflow.connections[detect.name] = {
			main: targets.map((name) => [{ node: name, type: 'main', index: 0 }]),
		};
	});
	workflow.nodes.push(...sinks.map((name) => node(PASS_ON, name)));
	return { workflow, sinks };
}

test('every chain of both nodes keeps every promise, with any input', async () => {
	await fc.assert(
		fc.asyncProperty(chainPlan, async (plan) => {
			bench.emulator.reset();
			bench.emulator.misbehave(poison(({ fileName }) => fileName?.includes(BROKEN) ?? false));
			const input = itemsOf(plan);
			const { workflow, sinks } = workflowOf(nodesOf(plan), plan.binaryMode);
			const credentials = { bitMindEnterpriseApi: bench.form() };
			const result = await bench.engine.run({ workflow, input, credentials });
			expect(result.error).toBeUndefined();
			const left = sinks.flatMap((output): Left[] =>
				result.itemsOf(output).map((item) => ({ output, item })),
			);
			const requests = bench.emulator.batchRequests;
			expect(brokenPromises({ plan, input, left, requests })).toEqual([]);
		}),
		propertyRuns(150),
	);
}, 170_000);
