import {
	ManualExecutionCancelledError,
	TimeoutExecutionCancelledError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { MediaKind } from '../../client';
import { check } from './check';
import { readCredentials } from './credential/readCredential';
import { planItems, refuseAll } from './input/itemPlans';
import { stopAtFailure, stopAtProblem } from './output/nodeErrors';
import { outputItems } from './output/outputItems';
import { arrange, losesItems, type RoutedItem } from './output/routing';
import { addHints } from './output/runHints';
import { openExecution, type Execution } from './settings/execution';
import { hasTimedOut } from './settings/hostContext';
import type { InputProblem } from './settings/inputProblem';
import { readRunSettings, type Read, type RunSettings } from './settings/runSettings';

/** All items are refused, because n8n would lose some of them. */
const OUTPUTS_UNKNOWN: Read<RunSettings> = { problem: { kind: 'outputsUnknown' } };

/** Checks the files of all input items, and returns exactly one output item per input item, in order. */
export async function execute(
	context: IExecuteFunctions,
	media: MediaKind,
): Promise<INodeExecutionData[][]> {
	const execution = openExecution(context, media);
	const routed = await run(execution).catch((error: unknown) => {
		// If this threw, n8n would pass the items on unchanged through the first output, unchecked.
		return outputItems(execution, refuseAll(execution, problemIn(execution, error)), []);
	});
	return arrange(routed, execution);
}

/** @throws if the node doesn't continue on errors, or the execution was canceled */
function problemIn({ context, signal, continues }: Execution, error: unknown): InputProblem {
	if (signal?.aborted) throw cancellation(context);
	if (!continues) throw error;
	const reason = error instanceof Error ? error.message : 'unknown';
	context.logger.error(`BitMind: ${reason}`);
	return { kind: 'unexpected', reason };
}

async function run(execution: Execution): Promise<RoutedItem[]> {
	const settings = losesItems(execution) ? OUTPUTS_UNKNOWN : readRunSettings(execution);
	const planned = await planItems(execution, settings);
	const accessible = await readCredentials(execution, planned);
	const { plans } = accessible;
	stopAtProblem(execution, plans);
	const result = await check(execution, accessible, settings);
	stopAtFailure(execution, plans, result);
	const routed = outputItems(execution, plans, result.outcomes);
	addHints(execution, { plans, result, routed });
	return routed;
}

/** With any other error, n8n would show the execution as failed rather than canceled. */
function cancellation(context: IExecuteFunctions): Error {
	const id = context.getExecutionId();
	return hasTimedOut(context)
		? new TimeoutExecutionCancelledError(id)
		: new ManualExecutionCancelledError(id);
}
