import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { DetectResult, Failure, FailureKind, Outcome } from '../../../client';
import { messageForAgent } from '../messages/agentMessages';
import { failureMessage } from '../messages/failureMessages';
import type { NamedFile } from '../input/fileLook';
import type { ItemPlan } from '../input/itemPlans';
import type { Execution, InputItem } from '../settings/execution';
import type { InputProblem } from '../settings/inputProblem';
import { inputMessage } from '../messages/inputMessages';
import { continueAdvice, withFileName, type Message } from '../messages/message';
import { failureCode, problemCode, type ErrorCode } from './errorCodes';

export type NodeError = NodeApiError | NodeOperationError;

/** Why an item fails: a message for people, a code for expressions, and an error for n8n. */
export interface ItemError {
	message: string;
	code: ErrorCode;
	nodeError: NodeError;
}

/** Undefined for an item without a problem. */
export function itemError(
	{ execution, index }: InputItem,
	problem: InputProblem | undefined,
	{ files, outcomes }: { files: readonly NamedFile[]; outcomes: readonly Outcome[] },
): ItemError | undefined {
	if (problem) {
		const nodeError = problemError(execution, problem, index);
		return { message: nodeError.message, code: problemCode(problem), nodeError };
	}
	const first = outcomes.findIndex((outcome) => outcome.failure);
	const failure = outcomes[first]?.failure;
	if (!failure) return undefined;
	const words = messageOfFile(failure, execution, files[first]);
	const nodeError = build(execution, words, index, failure);
	return { message: nodeError.message, code: failureCode(failure), nodeError };
}

/** Failures of one file: the item may have several, and numbers are hard to find in a long list. */
const OF_A_FILE: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'fileRefused',
	'fileTooLarge',
	'fileChanged',
	'fileUnreadable',
	'noVerdict',
]);

/** n8n's error for an item that is refused before anything is sent. */
function problemError(execution: Execution, problem: InputProblem, itemIndex: number): NodeError {
	const { isForAgent, media } = execution;
	const words = isForAgent ? messageForAgent(problem, media) : inputMessage(problem, media);
	return build(execution, words, itemIndex);
}

/** @throws for the first refused item, unless the run continues: then nothing has been sent */
export function stopAtProblem(execution: Execution, plans: readonly ItemPlan[]): void {
	if (execution.continues) return;
	const isOfOne = plans.some(({ problem }) => !problem);
	plans.forEach(({ problem }, index) => {
		if (!problem) return;
		const error = problemError(execution, problem, index);
		if (isOfOne) error.description = `${error.description} ${continueAdvice(execution.media)}`;
		throw error;
	});
}

/** @throws for the file that ended the run, unless it continues; says how many files had verdicts */
export function stopAtFailure(
	execution: Execution,
	plans: readonly ItemPlan[],
	{ outcomes, stoppedAt }: Pick<DetectResult, 'outcomes' | 'stoppedAt'>,
): void {
	if (execution.continues) return;
	const first = stoppedAt ?? outcomes.findIndex(({ failure }) => failure);
	const failure = outcomes[first]?.failure;
	if (!failure) return;
	const owners = plans.flatMap(({ files }, index) => files.map((file) => ({ file, index })));
	const { file, index = 0 } = owners[first] ?? {};
	const done = outcomes.filter(({ verdict }) => verdict).length;
	const { message, description } = messageOfFile(failure, execution, file);
	const isOfOne = OF_A_FILE.has(failure.kind) && plans.length > 1;
	const words = {
		message: `${message} (${done} of ${outcomes.length} files had verdicts)`,
		description: isOfOne ? `${description} ${continueAdvice(execution.media)}` : description,
	};
	throw build(execution, words, index, failure);
}

function messageOfFile(
	failure: Failure,
	{ media }: Execution,
	file: NamedFile | undefined,
): Message {
	const message = failureMessage(failure, media);
	return file && OF_A_FILE.has(failure.kind) ? withFileName(message, file.fileName) : message;
}

/**
 * The error holds only our own message and the status: no request, header or response. n8n replaces
 * messages that contain a network code with standard ones, so they are set again.
 */
function build(
	{ node }: Execution,
	{ message, description }: Message,
	itemIndex: number,
	failure?: Failure,
): NodeError {
	const text = `${message} [item ${itemIndex}]`;
	const error = failure
		? new NodeApiError(
				node,
				{ message: text },
				{ message: text, description, itemIndex, httpCode: failure.status?.toString() ?? '' },
			)
		: new NodeOperationError(node, text, { description, itemIndex });
	error.message = text;
	error.description = description;
	error.messages = [];
	return error;
}
