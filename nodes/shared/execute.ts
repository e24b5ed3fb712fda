import {
	ManualExecutionCancelledError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import {
	type BatchEvent,
	type Credentials,
	detect,
	type DetectResult,
	type MediaKind,
	type Outcome,
} from '../../client';
import { isTool } from './messages/agentMessages';
import { readCredentials } from './credential/readCredential';
import { checkOnce } from './retryOnFail';
import { addHint, logBatch } from './output/runHints';
import { planItems, refuseAll, type ItemFile } from './input/itemPlans';
import { openMemory } from './verdictMemory';
import { throwFailure, throwProblem } from './output/nodeErrors';
import { outputItems } from './output/outputItems';
import { NodeParameters } from './settings/parameters';
import { route, type RoutedItem } from './output/routing';
import { readRouting, readRunSettings, type RunSettings } from './settings/runSettings';

/** Items in, their files checked, exactly one item out for each of them, in the same order. */
export async function execute(
	context: IExecuteFunctions,
	media: MediaKind,
): Promise<INodeExecutionData[][]> {
	// Hosts older than the method can't cancel a node.
	const signal = context.getExecutionCancelSignal?.();
	// To an agent the reason is an answer; an error would end the agent's run. It reads one output.
	const forAgent = isTool(context.getNode());
	const goesOn = context.continueOnFail() || forAgent;
	const parameters = new NodeParameters(context);
	const isRouting = readRouting(parameters) && !forAgent;
	try {
		return route(await run(context, media, parameters, goesOn, isRouting, signal), isRouting);
	} catch (error) {
		const isCancelled = signal?.aborted;
		// n8n would let the items go on as they came, by the first output: as if they were checked.
		if (goesOn && !isCancelled) return route(failAll(context, media, error), isRouting);
		// Any other error would turn 'cancelled' into 'failed'.
		throw isCancelled ? new ManualExecutionCancelledError(context.getExecutionId()) : error;
	}
}

async function run(
	context: IExecuteFunctions,
	media: MediaKind,
	parameters: NodeParameters,
	goesOn: boolean,
	isRouting: boolean,
	signal: AbortSignal | undefined,
): Promise<RoutedItem[]> {
	const items = context.getInputData();
	const node = context.getNode();
	const settings = readRunSettings(parameters, media, goesOn);
	const plans = await planItems(context, items, settings, isRouting, signal);
	if (!goesOn) throwProblem(node, plans, media);

	const result = settings.value
		? await checkOnce(context, items, plans, (files, known) =>
				check(context, files, known, settings.value, signal),
			)
		: NOTHING;
	addHint(context, plans, result, media);
	if (!goesOn) throwFailure(node, plans, result, media);

	return outputItems(node, items, plans, result.outcomes, media);
}

function failAll(context: IExecuteFunctions, media: MediaKind, error: unknown): RoutedItem[] {
	const items = context.getInputData();
	const reason = error instanceof Error ? error.message : 'unknown';
	context.logger.error(`BitMind: ${reason}`);
	const plans = refuseAll(items, { kind: 'unexpected', reason });
	return outputItems(context.getNode(), items, plans, [], media);
}

const NOTHING: DetectResult = {
	outcomes: [],
	counts: { requests: 0, repeats: 0, divided: 0, askedAgain: 0 },
	stoppedAt: undefined,
};

async function check(
	context: IExecuteFunctions,
	files: readonly ItemFile[],
	known: readonly (Outcome | undefined)[],
	settings: RunSettings,
	signal: AbortSignal | undefined,
): Promise<DetectResult> {
	if (files.length === 0) return NOTHING;
	const credentials = await readCredentials(context);
	if (!credentials.failure) {
		return await ask(context, files, known, credentials.value, settings, signal);
	}
	const outcomes = files.map((_, index) => known[index] ?? credentials);
	return { ...NOTHING, outcomes, stoppedAt: outcomes.indexOf(credentials) };
}

async function ask(
	context: IExecuteFunctions,
	files: readonly ItemFile[],
	known: readonly (Outcome | undefined)[],
	credentials: Credentials,
	settings: RunSettings,
	signal: AbortSignal | undefined,
): Promise<DetectResult> {
	const { rememberDays } = settings;
	const memory = rememberDays
		? openMemory(context, rememberDays, credentials.baseUrl, Date.now())
		: undefined;
	const onBatch = (event: BatchEvent) => logBatch(context, event, settings.kind);
	const sources = files.map(({ source }) => source);
	try {
		return await detect(sources, credentials, settings, { signal, onBatch, memory, known });
	} finally {
		memory?.save();
	}
}
