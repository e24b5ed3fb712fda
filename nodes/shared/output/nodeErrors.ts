import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import type { DetectResult, Failure, MediaKind } from '../../../client';
import { isTool, wordsForAgent } from '../messages/agentMessages';
import { failureWords } from '../messages/failureMessages';
import type { ItemPlan } from '../input/itemPlans';
import type { InputProblem } from '../settings/inputProblem';
import { inputWords } from '../messages/inputMessages';
import type { Words } from '../messages/message';

export type NodeError = NodeApiError | NodeOperationError;

/** n8n's error for an item that was refused before anything was sent for it. */
export function problemError(
	node: INode,
	problem: InputProblem,
	media: MediaKind,
	itemIndex: number,
): NodeError {
	const words = isTool(node) ? wordsForAgent(problem, media) : inputWords(problem, media);
	return build(node, words, itemIndex, undefined);
}

/** n8n's error for an item that has a file without a verdict. */
export function failureError(
	node: INode,
	failure: Failure,
	media: MediaKind,
	itemIndex: number,
): NodeError {
	return build(node, failureWords(failure, media), itemIndex, failure);
}

/** @throws for the first item that is refused, so that nothing at all is sent */
export function throwProblem(node: INode, plans: readonly ItemPlan[], media: MediaKind): void {
	plans.forEach(({ problem }, index) => {
		if (problem) throw problemError(node, problem, media, index);
	});
}

/** @throws for the file that ended the run, with the number of those that had their verdicts */
export function throwFailure(
	node: INode,
	plans: readonly ItemPlan[],
	{ outcomes, stoppedAt }: Pick<DetectResult, 'outcomes' | 'stoppedAt'>,
	media: MediaKind,
): void {
	const first = stoppedAt ?? outcomes.findIndex(({ failure }) => failure);
	const failure = outcomes[first]?.failure;
	if (!failure) return;
	const owners = plans.flatMap(({ files }, index) => files.map(() => index));
	const done = outcomes.filter(({ verdict }) => verdict).length;
	const { message, description } = failureWords(failure, media);
	const words = {
		message: `${message} (${done} of ${outcomes.length} files had verdicts)`,
		description,
	};
	throw build(node, words, owners[first] ?? 0, failure);
}

/**
 * The error holds our own words and the status, nothing else: no request, no header, no answer. n8n
 * replaces messages in which it finds a network code by stock ones, so they are set once more.
 */
function build(
	node: INode,
	{ message, description }: Words,
	itemIndex: number,
	failure: Failure | undefined,
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
