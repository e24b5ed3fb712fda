import { failureOfAnswer } from '../../../../client/response/answerFailure';
import { classify } from '../../../../client/response/classify';
import type { HttpAnswer } from '../../../../client/http/transport';

const answer = (status: number, more: Partial<HttpAnswer> = {}): HttpAnswer => ({
	status,
	contentType: 'application/json',
	retryAfter: undefined,
	text: '{}',
	...more,
});

it.each([
	[[200, 201, 202, 203, 204, 206], 'answered'],
	[[400, 415, 422], 'refused'],
	[[413], 'tooLarge'],
	[[401], 'unauthorized'],
	[[403], 'forbidden'],
	[[301, 302, 303, 307, 308, 304, 404, 405], 'wrongAddress'],
	[[429], 'rateLimited'],
	[[408, 425, 500, 502, 503, 504, 520, 522, 524, 529, 530], 'unavailable'],
	[[402, 406, 409, 410, 411, 414, 418, 431, 451, 501, 505, 511, 599], 'rejected'],
])('takes %j for %s', (statuses, meaning) => {
	for (const status of statuses)
		expect([status, classify(answer(status))]).toEqual([status, meaning]);
});

it.each([
	[{ text: 'Welcome', contentType: 'text/html' }],
	[{ text: '<!DOCTYPE html><html></html>', contentType: '' }],
	[{ text: '\n <html>', contentType: 'application/json' }],
])('takes a web page with 200 for a wrong address: %j', (more) => {
	expect(classify(answer(200, more))).toBe('wrongAddress');
});

it('bug: takes JSON for an answer, whatever a gateway calls it', () => {
	expect(classify(answer(200, { contentType: 'text/html' }))).toBe('answered');
});

it.each([400, 401, 403, 413, 429, 500, 503])(
	'believes a status more than the web page that a gateway dresses it in: %i',
	(status) => {
		const page = answer(status, { contentType: 'text/html', text: '<html>nginx</html>' });
		expect(classify(page)).toBe(classify(answer(status)));
		expect(failureOfAnswer(page, 0)).not.toHaveProperty('serverMessage');
	},
);

it('notes status, words and the moment to come back', () => {
	const busy = answer(429, { text: '{"detail": "slow down"}', retryAfter: '30' });
	expect(failureOfAnswer(busy, 1_000)).toEqual({
		kind: 'rateLimited',
		status: 429,
		serverMessage: 'slow down',
		retryAt: 31_000,
	});
	expect(failureOfAnswer(answer(500), 0)).toEqual({ kind: 'unavailable', status: 500 });
	expect(failureOfAnswer(answer(200), 0)).toBeUndefined();
});
