import type { IExecuteFunctions } from 'n8n-workflow';
import type { BatchEvent, DetectResult, MediaKind } from '../../../client';
import type { ItemPlan } from '../input/itemPlans';

/** Requests from which on a run is a long one, and people want to know how it went. */
const LONG_RUN_REQUESTS = 10;

/** One hint above the output when something out of the ordinary happened, or a long run has ended. */
export function addHint(
	context: IExecuteFunctions,
	plans: readonly ItemPlan[],
	result: DetectResult,
	media: MediaKind,
): void {
	const refused = plans.filter(({ problem }) => problem).length;
	const failed = result.outcomes.filter(({ failure }) => failure).length;
	const contradictory = result.outcomes.filter(
		({ verdict }) => verdict && verdict.isAI !== verdict.confidence >= 0.5,
	).length;
	const sentences = [
		...summary(result, media),
		...troubles(result),
		refused > 0 &&
			`${count(refused, 'item')} ${were(refused)} refused before anything was sent for ${refused === 1 ? 'it' : 'them'}`,
		isAllUnchecked(plans) &&
			`no item had ${media.name === 'image' ? 'an' : 'a'} ${media.name} to check, so all were passed on unchecked`,
		failed > 0 && `${count(failed, media.name)} could not be checked`,
		contradictory > 0 &&
			`for ${count(contradictory, media.name)}, 'isAI' and 'confidence' contradict each other; both are as BitMind gave them`,
	].filter((sentence) => sentence !== false);
	if (sentences.length === 0) return;
	const message = `${sentences.join('; ')}.`;
	// Hosts older than the method do without the hint.
	context.addExecutionHints?.({
		message: message.charAt(0).toUpperCase() + message.slice(1),
		type: refused + failed + contradictory > 0 ? 'warning' : 'info',
		location: 'outputPane',
	});
}

/** Where each item may pass, a mistyped field name would go unnoticed. */
function isAllUnchecked(plans: readonly ItemPlan[]): boolean {
	return plans.every(({ files, problem }) => files.length === 0 && !problem);
}

function summary({ outcomes, counts }: DetectResult, media: MediaKind): (string | false)[] {
	const reused = outcomes.filter((outcome) => outcome.reused).length;
	const checked = outcomes.filter(({ verdict }) => verdict).length;
	const ai = outcomes.filter(({ verdict }) => verdict?.isAI).length;
	return [
		counts.requests >= LONG_RUN_REQUESTS &&
			`${count(checked, media.name)} checked in ${count(counts.requests, 'request')}, ${ai.toLocaleString('en')} of them AI-generated`,
		reused > 0 && `${count(reused, media.name)} had been seen before and ${were(reused)} not sent`,
	];
}

function troubles({ counts }: DetectResult): (string | false)[] {
	const { requests, repeats, askedAgain, divided } = counts;
	return [
		repeats > 0 && `${repeats} of ${count(requests, 'request')} ${were(repeats)} repeated`,
		askedAgain > 0 && `${count(askedAgain, 'answer')} left files out, which were sent once more`,
		divided > 0 &&
			`${count(divided, 'batch', 'batches')} had to be divided, because BitMind refused a file or the size`,
	];
}

/** A line in n8n's log for each batch that has ended. */
export function logBatch(context: IExecuteFunctions, event: BatchEvent, media: MediaKind): void {
	const { batch, batches, files, result, failure, milliseconds, settled, total, counts } = event;
	const end = failure
		? `${result} (${failure.kind}${failure.status ? ` ${failure.status}` : ''})`
		: result;
	context.logger.info(
		`BitMind: batch ${batch} of ${batches}, ${count(files, media.name)} ${end} in ${milliseconds} ms; ${settled} of ${total} files done, ${counts.repeats} of ${count(counts.requests, 'request')} repeated`,
	);
}

function count(number: number, singular: string, plural = `${singular}s`): string {
	return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}

function were(number: number): string {
	return number === 1 ? 'was' : 'were';
}
