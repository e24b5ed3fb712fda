import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { DetectResult, Failure, Outcome } from '../../../client';
import { messageForAgent } from '../messages/agentMessages';
import { failureMessage } from '../messages/failureMessages';
import type { ItemPlan } from '../input/itemPlans';
import type { Execution, InputItem } from '../settings/execution';
import type { InputProblem } from '../settings/inputProblem';
import { inputMessage } from '../messages/inputMessages';
import type { Message } from '../messages/message';
import { failureCode, problemCode, type ErrorCode } from './errorCodes';

export type NodeError = NodeApiError | NodeOperationError;

/** Why an item fails: for people, for expressions, and for n8n. */
export interface ItemError {
	message: string;
	code: ErrorCode;
	nodeError: NodeError;
}

/** Undefined for an item with nothing wrong about it. */
export function itemError(
	{ execution, index }: InputItem,
	problem: InputProblem | undefined,
	outcomes: readonly Outcome[],
): ItemError | undefined {
	if (problem) {
		const nodeError = problemError(execution, problem, index);
		return { message: nodeError.message, code: problemCode(problem), nodeError };
	}
	const failure = outcomes.find((outcome) => outcome.failure)?.failure;
	if (!failure) return undefined;
	const words = failureMessage(failure, execution.media);
	const nodeError = build(execution, words, index, failure);
	return { message: nodeError.message, code: failureCode(failure), nodeError };
}

/** n8n's error for an item that is refused before anything is sent for it. */
function problemError(execution: Execution, problem: InputProblem, itemIndex: number): NodeError {
	const { isForAgent, media } = execution;
	const words = isForAgent ? messageForAgent(problem, media) : inputMessage(problem, media);
	return build(execution, words, itemIndex);
}

/** @throws unless the run goes on, for the first item that is refused: nothing at all is sent */
export function stopAtProblem(execution: Execution, plans: readonly ItemPlan[]): void {
	if (execution.continues) return;
	plans.forEach(({ problem }, index) => {
		if (problem) throw problemError(execution, problem, index);
	});
}

/** @throws unless the run goes on, for the file that ended it; says how many had their verdicts */
export function stopAtFailure(
	execution: Execution,
	plans: readonly ItemPlan[],
	{ outcomes, stoppedAt }: Pick<DetectResult, 'outcomes' | 'stoppedAt'>,
): void {
	if (execution.continues) return;
	const first = stoppedAt ?? outcomes.findIndex(({ failure }) => failure);
	const failure = outcomes[first]?.failure;
	if (!failure) return;
	const owners = plans.flatMap(({ files }, index) => files.map(() => index));
	const done = outcomes.filter(({ verdict }) => verdict).length;
	const { message, description } = failureMessage(failure, execution.media);
	const words = {
		message: `${message} (${done} of ${outcomes.length} files had verdicts)`,
		description,
	};
	throw build(execution, words, owners[first] ?? 0, failure);
}

/**
 * The error holds our own words and the status, nothing else: no request, no header, no answer. n8n
 * replaces messages in which it finds a network code by stock ones, so they are set once more.
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
