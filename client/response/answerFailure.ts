import { classify, type AnswerClass } from './classify';
import type { Failure, FailureKind } from '../model/failures';
import { retryAfter } from '../timing/retryTiming';
import { serverMessage } from './serverMessage';
import type { HttpAnswer } from '../http/transport';

const KINDS: Readonly<Record<Exclude<AnswerClass, 'answered'>, FailureKind>> = {
	refused: 'fileRefused',
	tooLarge: 'fileTooLarge',
	unauthorized: 'unauthorized',
	forbidden: 'forbidden',
	wrongAddress: 'wrongAddress',
	rateLimited: 'rateLimited',
	unavailable: 'unavailable',
	rejected: 'rejected',
};

/**
 * What an answer says went wrong; undefined for one that should hold what was asked for.
 *
 * @param now milliseconds since 1970, for a `Retry-After` in seconds
 */
export function failureOfAnswer(answer: HttpAnswer, now: number): Failure | undefined {
	const meaning = classify(answer);
	if (meaning === 'answered') return undefined;
	const wait = retryAfter(answer.retryAfter, now);
	const words = serverMessage(answer.text, answer.contentType);
	return {
		kind: KINDS[meaning],
		status: answer.status,
		...(words && { serverMessage: words }),
		...(wait !== undefined && { retryAt: now + wait }),
	};
}
