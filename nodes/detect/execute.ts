import {
	ManualExecutionCancelledError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { Credentials } from '../../client/credentials';
import { detect, type BatchEvent, type DetectResult } from '../../client/detect';
import type { MediaKind } from '../../client/mediaKind';
import { isTool } from './asTool';
import { readCredentials } from './credential';
import { checkOnce } from './earlierTries';
import { addHint, logBatch } from './hints';
import { planItems, type ItemFile } from './inputFiles';
import { openMemory } from './memory';
import { throwFailure, throwProblem } from './nodeErrors';
import { outputItems } from './outputItems';
import { route } from './routing';
import { readRouting, readRunSettings, type RunSettings } from './settings';

/** Items in, their files checked, exactly one item out for each of them, in the same order. */
export async function execute(
	context: IExecuteFunctions,
	media: MediaKind,
): Promise<INodeExecutionData[][]> {
	// Hosts older than the method can't cancel a node.
	const signal = context.getExecutionCancelSignal?.();
	try {
		return await run(context, media, signal);
	} catch (error) {
		// Any other error would turn 'cancelled' into 'failed'.
		throw signal?.aborted ? new ManualExecutionCancelledError(context.getExecutionId()) : error;
	}
}

async function run(
	context: IExecuteFunctions,
	media: MediaKind,
	signal: AbortSignal | undefined,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const node = context.getNode();
	// To an agent the reason is an answer; an error would end the agent's run. It reads one output.
	const forAgent = isTool(node);
	const goesOn = context.continueOnFail() || forAgent;
	const isRouting = readRouting(context) && !forAgent;
	const settings = readRunSettings(context, media, goesOn);
	const plans = await planItems(context, items, settings, isRouting, signal);
	if (!goesOn) throwProblem(node, plans, media);

	const result = settings.value
		? await checkOnce(context, items, plans, (files) =>
				check(context, files, settings.value, signal),
			)
		: NOTHING;
	addHint(context, plans, result, media);
	if (!goesOn) throwFailure(node, plans, result, media);

	return route(outputItems(node, items, plans, result.outcomes, media), isRouting);
}

const NOTHING: DetectResult = {
	outcomes: [],
	counts: { requests: 0, repeats: 0, divided: 0, askedAgain: 0 },
	stoppedAt: undefined,
};

async function check(
	context: IExecuteFunctions,
	files: readonly ItemFile[],
	settings: RunSettings,
	signal: AbortSignal | undefined,
): Promise<DetectResult> {
	if (files.length === 0) return NOTHING;
	const credentials = await readCredentials(context);
	if (!credentials.failure) {
		return await ask(context, files, credentials.value, settings, signal);
	}
	return { ...NOTHING, outcomes: files.map(() => credentials), stoppedAt: 0 };
}

async function ask(
	context: IExecuteFunctions,
	files: readonly ItemFile[],
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
		return await detect(sources, credentials, settings, { signal, onBatch, memory });
	} finally {
		memory?.save();
	}
}
