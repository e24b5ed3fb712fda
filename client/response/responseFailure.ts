import type { HttpResponse } from '../http/sender';
import type { Failure, FailureDetails } from '../model/failures';
import { retryAfterMs } from '../timing/retryTiming';
import { classify, type ResponseClass } from './classify';
import type { Redact } from './redaction';
import { serverMessage } from './serverMessage';

/** The failure of each class, without details. */
const FAILURES: Readonly<Record<Exclude<ResponseClass, 'answered'>, Failure>> = {
	refused: { kind: 'refused' },
	tooLarge: { kind: 'tooLarge' },
	unauthorized: { kind: 'unauthorized' },
	forbidden: { kind: 'forbidden' },
	notFound: { kind: 'wrongAddress', found: 'notFound' },
	redirect: { kind: 'wrongAddress', found: 'redirect' },
	webPage: { kind: 'wrongAddress', found: 'webPage' },
	rateLimited: { kind: 'rateLimited' },
	unavailable: { kind: 'unavailable' },
	rejected: { kind: 'rejected' },
};

/**
 * The failure that a response reports; undefined for a successful response.
 *
 * @param now milliseconds since 1970, for a `Retry-After` in seconds
 * @param redact removes secrets from the server's message
 */
export function failureOfResponse(
	response: HttpResponse,
	now: number,
	redact: Redact,
): Failure | undefined {
	const meaning = classify(response);
	if (meaning === 'answered') return undefined;
	const waitMs = retryAfterMs(response.headers, now);
	const words = serverMessage(response.text, response.contentType, redact);
	const details: FailureDetails = {
		status: response.status,
		...(words && { serverMessage: words }),
		...(waitMs !== undefined && { retryAt: now + waitMs }),
	};
	return { ...FAILURES[meaning], ...details };
}
