import type { IExecuteFunctions } from 'n8n-workflow';
import type { BatchEvent, DetectResult, MediaKind } from '../../../client';
import type { ItemPlan } from '../input/itemPlans';
import type { Execution } from '../settings/execution';
import { shorten } from '../messages/message';
import { overlookedFields } from './overlookedFields';
import type { RoutedItem } from './routing';

/** Requests from which on a run is a long one, and people want to know how it went. */
const LONG_RUN_REQUESTS = 10;
/** Names of fields that fit into a hint. */
const MAX_NAMES = 10;

/** How a run has gone. */
export interface RunReport {
	plans: readonly ItemPlan[];
	result: DetectResult;
	routed: readonly RoutedItem[];
}

/** One hint above the output when something out of the ordinary happened, or a long run has ended. */
export function addHints(execution: Execution, report: RunReport): void {
	const warnings = warningsOf(execution, report);
	const sentences = [...notesOf(execution, report), ...warnings];
	if (sentences.length === 0) return;
	const message = `${sentences.join('; ')}.`;
	// Hosts older than the method do without the hint.
	execution.context.addExecutionHints?.({
		message: message.charAt(0).toUpperCase() + message.slice(1),
		type: warnings.length > 0 ? 'warning' : 'info',
		location: 'outputPane',
	});
}

/** What somebody should look into. */
function warningsOf(execution: Execution, { plans, result, routed }: RunReport): string[] {
	const { media, isRouting, node } = execution;
	const refused = plans.filter(({ problem, files }) => problem && files.length === 0).length;
	const failed = result.outcomes.filter(({ failure }) => failure).length;
	const unsent = plans.flatMap((plan) => (plan.files.length > 0 ? plan.refused : [])).length;
	const contradictory = result.outcomes.filter(
		({ verdict }) => verdict && verdict.isAI !== verdict.confidence >= 0.5,
	).length;
	const overlooked = overlookedFields(execution, plans);
	const hasPhantom =
		isRouting && node.alwaysOutputData && routed.every(({ route }) => route !== 'ai');
	return said([
		refused > 0 &&
			`${count(refused, 'item')} ${were(refused)} refused before anything was sent for ${refused === 1 ? 'it' : 'them'}`,
		overlooked.length > 0 &&
			`'Input Binary Field' matches none of the items' files, so nothing was checked; there are files in ${listed(overlooked)}`,
		unsent > 0 && `${count(unsent, 'file')} ${were(unsent)} refused beside others of the same item`,
		failed > 0 && `${count(failed, media.name)} could not be checked`,
		contradictory > 0 &&
			`for ${count(contradictory, media.name)}, 'isAI' and 'confidence' contradict each other; both are as BitMind gave them`,
		hasPhantom &&
			"nothing goes to 'AI Generated', so n8n 2 puts an empty item there, because 'Always Output Data' is on in this node's settings: turn it off",
	]);
}

function notesOf(execution: Execution, { plans, result }: RunReport): string[] {
	const { name } = execution.media;
	const isUnchecked = plans.every(({ files, problem }) => files.length === 0 && !problem);
	const isOverlooked = overlookedFields(execution, plans).length > 0;
	return said([
		...summary(result, execution.media),
		...troubles(result),
		isUnchecked &&
			!isOverlooked &&
			`no item had ${name === 'image' ? 'an' : 'a'} ${name} to check, so all were passed on unchecked`,
	]);
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
	const { requests, retries, followUps, split } = counts;
	return [
		retries > 0 && `${retries} of ${count(requests, 'request')} ${were(retries)} repeated`,
		followUps > 0 && `${count(followUps, 'response')} left files out, which were sent once more`,
		split > 0 &&
			`${count(split, 'batch', 'batches')} had to be divided, because BitMind refused a file or the size`,
	];
}

/** Writes a line to n8n's log for each batch that has ended. */
export function logBatch(context: IExecuteFunctions, event: BatchEvent, media: MediaKind): void {
	const { batch, batches, files, result, failure, milliseconds, settled, total, counts } = event;
	const end = failure
		? `${result} (${failure.kind}${failure.status ? ` ${failure.status}` : ''})`
		: result;
	context.logger.info(
		`BitMind: batch ${batch} of ${batches}, ${count(files, media.name)} ${end} in ${milliseconds} ms; ${settled} of ${total} files done, ${counts.retries} of ${count(counts.requests, 'request')} repeated`,
	);
}

function said(sentences: ReadonlyArray<string | false | undefined>): string[] {
	return sentences.filter((sentence) => typeof sentence === 'string');
}

function listed(names: readonly string[]): string {
	const more = names.length > MAX_NAMES ? ', …' : '';
	return `${names.slice(0, MAX_NAMES).map(shorten).join(', ')}${more}`;
}

function count(number: number, singular: string, plural = `${singular}s`): string {
	return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}

function were(number: number): string {
	return number === 1 ? 'was' : 'were';
}
