import type { Fault, Misbehavior } from './faults';
import type { ReceivedFile } from '../http/multipart';
import { shuffle, type Random } from '../random';

export const CANNOT_DECODE = 'cannot decode image';

/** Refuses every batch with such a file, without saying which file it is. */
export function poison(isPoisoned: (file: ReceivedFile) => boolean, status = 400): Misbehavior {
	return (request) =>
		request.moment === 'afterBody' && request.files.some(isPoisoned)
			? { kind: 'status', status, json: { detail: CANNOT_DECODE } }
			: undefined;
}

/** Sends a 413 for a larger body before it is read, as a gateway does. */
export function bodyLimit(maxBytes: number): Misbehavior {
	return ({ contentLength }) =>
		contentLength > maxBytes
			? {
					kind: 'status',
					status: 413,
					html: '<html><body><h1>413 Request Entity Too Large</h1></body></html>',
					early: 'lingering',
				}
			: undefined;
}

/** Gives the fault to this share of all requests. */
export function failing(share: number, fault: Fault, random: Random): Misbehavior {
	return ({ moment }) => (moment === 'beforeBody' && random() < share ? fault : undefined);
}

/** Sends a 429 with Retry-After for requests that exceed a token bucket. */
export function rateLimited(
	perSecond: number,
	burst: number,
	now: () => number = Date.now,
): Misbehavior {
	let left = burst;
	let filledAt = now();
	return ({ moment }) => {
		if (moment === 'afterBody') return undefined;
		left = Math.min(burst, left + ((now() - filledAt) / 1000) * perSecond);
		filledAt = now();
		if (left >= 1) {
			left -= 1;
			return undefined;
		}
		return {
			kind: 'status',
			status: 429,
			json: { detail: 'Rate limit exceeded' },
			headers: { 'Retry-After': String(Math.max(1, Math.ceil((1 - left) / perSecond))) },
		};
	};
}

export function shuffled(random: Random): Misbehavior {
	return ({ moment }) =>
		moment === 'afterBody'
			? { kind: 'results', change: (results) => shuffle(results, random) }
			: undefined;
}

/** The fault of the first misbehavior that has one for the request. */
export function firstOf(...misbehaviors: readonly Misbehavior[]): Misbehavior {
	return (request) => {
		for (const misbehavior of misbehaviors) {
			const fault = misbehavior(request);
			if (fault) return fault;
		}
		return undefined;
	};
}
