import type { IExecuteFunctions } from 'n8n-workflow';
import type { BatchEvent, DetectResult } from '../../client/detect';
import type { MediaKind } from '../../client/mediaKind';

/** One hint above the output when something out of the ordinary happened; none otherwise. */
export function addHint(
	context: IExecuteFunctions,
	{ outcomes, counts }: DetectResult,
	media: MediaKind,
): void {
	const failed = outcomes.filter(({ failure }) => failure).length;
	const contradictory = outcomes.filter(({ verdict }) => {
		return verdict && verdict.isAI !== verdict.confidence >= 0.5;
	}).length;
	const sentences = [
		counts.repeats > 0 &&
			`${counts.repeats} of ${count(counts.requests, 'request')} ${were(counts.repeats)} repeated`,
		counts.askedAgain > 0 &&
			`${count(counts.askedAgain, 'answer')} left files out, which were sent once more`,
		counts.divided > 0 &&
			`${count(counts.divided, 'batch', 'batches')} had to be divided, because BitMind refused a file or the size`,
		failed > 0 && `${count(failed, media.name)} could not be checked`,
		contradictory > 0 &&
			`for ${count(contradictory, media.name)}, 'isAI' and 'confidence' contradict each other; both are as BitMind gave them`,
	].filter((sentence) => sentence !== false);
	if (sentences.length === 0) return;
	const message = `${sentences.join('; ')}.`;
	// Hosts older than the method do without the hint.
	context.addExecutionHints?.({
		message: message.charAt(0).toUpperCase() + message.slice(1),
		type: failed > 0 || contradictory > 0 ? 'warning' : 'info',
		location: 'outputPane',
	});
}

/** A line in n8n's log for each request that has ended. */
export function logBatch(context: IExecuteFunctions, event: BatchEvent, media: MediaKind): void {
	const { files, result, failure, milliseconds, settled, total, counts } = event;
	const end = failure
		? `${result} (${failure.kind}${failure.status ? ` ${failure.status}` : ''})`
		: result;
	context.logger.info(
		`BitMind: ${count(files, media.name)} ${end} in ${milliseconds} ms; ${settled} of ${total} done, ${counts.requests} requests, ${counts.repeats} repeated`,
	);
}

function count(number: number, singular: string, plural = `${singular}s`): string {
	return `${number} ${number === 1 ? singular : plural}`;
}

function were(number: number): string {
	return number === 1 ? 'was' : 'were';
}
