import type { HttpResponse } from '../http/sender';
import { RESET_HEADERS } from '../timing/retryTiming';
import { parseJson } from './json';
import { looksLikeHtml } from './serverMessage';

/** What a response means for its request. */
export type ResponseClass =
	/** Verdicts, or what should have been verdicts. */
	| 'answered'
	/** A file or the whole request is not accepted. */
	| 'refused'
	| 'tooLarge'
	| 'unauthorized'
	| 'forbidden'
	| 'notFound'
	| 'redirect'
	| 'webPage'
	| 'rateLimited'
	/** Transient: worth a retry. */
	| 'unavailable'
	| 'rejected';

const BY_STATUS: Readonly<Record<number, ResponseClass>> = {
	400: 'refused',
	401: 'unauthorized',
	403: 'forbidden',
	404: 'notFound',
	405: 'notFound',
	408: 'unavailable',
	413: 'tooLarge',
	415: 'refused',
	422: 'refused',
	425: 'unavailable',
	429: 'rateLimited',
};

/** Gateways that send 503 instead of 429 use words like these. */
const LIMIT_PATTERN = /rate.?limit|too many requests|throttl|quota|slow down|limit (is )?exceeded/i;

export function classify({ status, contentType, headers, text }: HttpResponse): ResponseClass {
	const known = BY_STATUS[status];
	if (known) return known;
	if (status < 300) {
		// Some gateways label every response as HTML.
		const isPage = looksLikeHtml(text, contentType) && parseJson(text) === undefined;
		return isPage ? 'webPage' : 'answered';
	}
	if (status < 400) return 'redirect';
	if (status === 503) {
		const isLimit = LIMIT_PATTERN.test(text) || RESET_HEADERS.some((name) => headers[name]);
		return isLimit ? 'rateLimited' : 'unavailable';
	}
	return status >= 500 ? 'unavailable' : 'rejected';
}
