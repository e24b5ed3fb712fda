import { parseJson } from './json';
import { looksLikeHtml } from './serverMessage';
import type { HttpAnswer } from '../http/transport';

/** What an answer means for the request it belongs to. */
export type AnswerClass =
	/** Verdicts, or what should have been verdicts. */
	| 'answered'
	/** Some file, or the whole request, is not accepted. */
	| 'refused'
	| 'tooLarge'
	| 'unauthorized'
	| 'forbidden'
	| 'wrongAddress'
	| 'rateLimited'
	/** Passing: worth a repeat. */
	| 'unavailable'
	| 'rejected';

const BY_STATUS: Readonly<Record<number, AnswerClass>> = {
	400: 'refused',
	401: 'unauthorized',
	403: 'forbidden',
	404: 'wrongAddress',
	405: 'wrongAddress',
	408: 'unavailable',
	413: 'tooLarge',
	415: 'refused',
	422: 'refused',
	425: 'unavailable',
	429: 'rateLimited',
	500: 'unavailable',
	502: 'unavailable',
	503: 'unavailable',
	504: 'unavailable',
};

export function classify({ status, contentType, text }: HttpAnswer): AnswerClass {
	const known = BY_STATUS[status];
	if (known) return known;
	if (status >= 200 && status < 300) {
		// Some gateways call all that passes a web page.
		const isPage = looksLikeHtml(text, contentType) && parseJson(text) === undefined;
		return isPage ? 'wrongAddress' : 'answered';
	}
	if (status >= 300 && status < 400) return 'wrongAddress';
	// Gateways of large networks speak of a passing trouble behind them with numbers of their own.
	return status >= 520 && status <= 530 ? 'unavailable' : 'rejected';
}
