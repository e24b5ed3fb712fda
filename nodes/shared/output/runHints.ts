import type { DetectResult, FailureKind, MediaKind } from '../../../client';
import type { ItemPlan } from '../input/itemPlans';
import { BAND_NAMES, bandOf, DEFAULT_BANDS, type Band } from '../settings/bands';
import type { Execution } from '../settings/execution';
import { count, shorten } from '../messages/message';
import { overlookedFields } from './overlookedFields';
import type { RoutedItem } from './routing';

/** A run some time later may succeed. */
const TEMPORARY: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'connectionLost',
	'notSent',
	'noVerdict',
	'rateLimited',
	'timeout',
	'unavailable',
]);
/** Maximum names of fields in a hint. */
const MAX_NAMES = 10;

/** How a run has gone. */
interface RunReport {
	plans: readonly ItemPlan[];
	result: DetectResult;
	routed: readonly RoutedItem[];
}

/** One hint above the output: what was found, what was out of the ordinary, and where to look. */
export function addHints(execution: Execution, report: RunReport): void {
	const overlooked = overlookedFields(execution, report.plans);
	const warnings = warningsOf(execution, report, overlooked);
	const notes = notesOf(report, execution.media, overlooked);
	const sentences = [...notes, ...warnings];
	if (sentences.length === 0) return;
	const message = `${sentences.join('; ')}.`;
	// Older versions of n8n don't have this method.
	execution.context.addExecutionHints?.({
		message: message.charAt(0).toUpperCase() + message.slice(1),
		type: warnings.length > 0 ? 'warning' : 'info',
		location: 'outputPane',
	});
}

/** What somebody should look into. */
function warningsOf(
	execution: Execution,
	{ plans, result, routed }: RunReport,
	overlooked: readonly string[],
): string[] {
	const { media, isRouting, node } = execution;
	const reason = `${placeOfErrors(execution)} for the reason`;
	const refused = plans.filter(({ problem, files }) => problem && files.length === 0).length;
	const failed = result.outcomes.filter(({ failure }) => failure).length;
	const unsent = plans.flatMap((plan) => (plan.files.length > 0 ? plan.refused : [])).length;
	const contradictory = result.outcomes.filter(
		({ verdict }) => verdict && verdict.isAI !== verdict.confidence >= 0.5,
	).length;
	const hasPhantom =
		isRouting && node.alwaysOutputData && routed.every(({ route }) => route !== 'ai');
	return sentencesIn([
		refused > 0 &&
			`${count(refused, 'item')} ${were(refused)} refused before anything was sent for ${refused === 1 ? 'it' : 'them'}: see ${reason}`,
		overlooked.length > 0 &&
			`'Input Binary Field' matches none of the items' files, so nothing was checked; there are files in ${listed(overlooked)}`,
		unsent > 0 &&
			`${count(unsent, 'file')} ${were(unsent)} refused, but other files of the same item were sent: see 'bitMind' of ${unsent === 1 ? 'that item' : 'these items'} for the reason`,
		failed > 0 &&
			`${count(failed, media.name)} could not be checked: see ${reason}${mayPass(result) ? `, and run the workflow again for ${failed === 1 ? 'it' : 'them'}` : ''}`,
		contradictory > 0 &&
			`for ${count(contradictory, media.name)}, 'isAI' and 'confidence' contradict each other; both are shown as BitMind returned them`,
		hasPhantom &&
			"nothing goes to 'AI Generated', so n8n 2 puts an empty item there, because 'Always Output Data' is on in this node's settings: turn it off",
	]);
}

function notesOf(
	{ plans, result }: RunReport,
	media: MediaKind,
	overlooked: readonly string[],
): string[] {
	const { name } = media;
	const isUnchecked = plans.every(({ files, problem }) => files.length === 0 && !problem);
	return sentencesIn([
		...findings(plans, result, media),
		...additionalRequests(result),
		isUnchecked &&
			overlooked.length === 0 &&
			`no item had ${name === 'image' ? 'an' : 'a'} ${name} to check, so all were passed on unchecked`,
	]);
}

function findings(
	plans: readonly ItemPlan[],
	{ outcomes }: DetectResult,
	media: MediaKind,
): (string | false)[] {
	const reused = outcomes.filter((outcome) => outcome.reused).length;
	const settings = plans.flatMap((plan) => plan.files.map(() => plan.settings));
	const bands = outcomes.flatMap(({ verdict }, index) =>
		verdict ? [bandOf(verdict.confidence, settings[index]?.bands ?? DEFAULT_BANDS)] : [],
	);
	const parts = (['ai', 'review', 'authentic'] as const).flatMap((band) => {
		const number = bands.filter((each) => each === band).length;
		return number > 0 ? [bandCount(number, band)] : [];
	});
	return [
		bands.length > 0 && `${count(bands.length, media.name)} checked: ${parts.join(', ')}`,
		reused > 0 && `${count(reused, media.name)} had been seen before and ${were(reused)} not sent`,
	];
}

/** As in '1 needs review', '10 need review'. */
function bandCount(number: number, band: Band): string {
	const name = BAND_NAMES[band];
	return `${number.toLocaleString('en')} ${number === 1 ? name : name.replace(/^needs/, 'need')}`;
}

/** Whether a file failed for a reason that may be gone in the next run. */
function mayPass({ outcomes }: DetectResult): boolean {
	return outcomes.some(({ failure }) => failure && TEMPORARY.has(failure.kind));
}

function placeOfErrors({ hasErrorOutput, isRouting }: Execution): string {
	const output = hasErrorOutput ? 'Error' : isRouting ? 'Review' : undefined;
	return output ? `'error' on the output '${output}'` : "the items' 'error'";
}

function additionalRequests({ counts }: DetectResult): (string | false)[] {
	const { requests, retries, followUps, split } = counts;
	return [
		retries > 0 &&
			`${retries} of ${count(requests, 'request')} ${retries === 1 ? 'was a retry' : 'were retries'}`,
		followUps > 0 && `${count(followUps, 'response')} left files out, which were sent once more`,
		split > 0 &&
			`${count(split, 'batch', 'batches')} had to be split, because BitMind refused a file, or the request was too large`,
	];
}

function sentencesIn(sentences: ReadonlyArray<string | false | undefined>): string[] {
	return sentences.filter((sentence) => typeof sentence === 'string');
}

function listed(names: readonly string[]): string {
	const more = names.length > MAX_NAMES ? ', …' : '';
	return `${names.slice(0, MAX_NAMES).map(shorten).join(', ')}${more}`;
}

function were(number: number): string {
	return number === 1 ? 'was' : 'were';
}
