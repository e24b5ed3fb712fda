import {
	ManualExecutionCancelledError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import {
	detect,
	type BatchEvent,
	type DetectResult,
	type DetectSettings,
} from '../../client/detect';
import type { MediaKind } from '../../client/mediaKind';
import { readCredentials } from './credential';
import { addHint, logBatch } from './hints';
import { planItems, type ItemFile } from './inputFiles';
import { throwFailure, throwProblem } from './nodeErrors';
import { outputItems } from './outputItems';
import { readRunSettings } from './settings';

/** Items in, their files checked, exactly one item out for each of them, in the same order. */
export async function execute(
	context: IExecuteFunctions,
	media: MediaKind,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const node = context.getNode();
	const settings = readRunSettings(context, media);
	const plans = await planItems(context, items, media, settings.problem);
	if (!context.continueOnFail()) throwProblem(node, plans, media);

	const files = plans.flatMap((plan) => plan.files);
	const result =
		settings.value && files.length > 0 ? await check(context, files, settings.value) : NOTHING;
	if (!context.continueOnFail()) throwFailure(node, plans, result, media);

	return [outputItems(node, items, plans, result.outcomes, media)];
}

type Result = Pick<DetectResult, 'outcomes' | 'stoppedAt'>;

const NOTHING: Result = { outcomes: [], stoppedAt: undefined };

async function check(
	context: IExecuteFunctions,
	files: readonly ItemFile[],
	settings: DetectSettings,
): Promise<Result> {
	const credentials = await readCredentials(context);
	if (credentials.failure) return { outcomes: files.map(() => credentials), stoppedAt: 0 };
	const sources = files.map(({ source }) => source);
	// Hosts older than the method can't cancel a node.
	const signal = context.getExecutionCancelSignal?.();
	const onBatch = (event: BatchEvent) => logBatch(context, event, settings.kind);
	const result = await detect(sources, credentials.value, settings, { signal, onBatch }).catch(
		(error: unknown) => {
			// Any other error would turn 'cancelled' into 'failed'.
			throw signal?.aborted ? new ManualExecutionCancelledError(context.getExecutionId()) : error;
		},
	);
	addHint(context, result, settings.kind);
	return result;
}
