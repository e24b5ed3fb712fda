import type { HttpResponse } from '../../../../client/http/sender';
import type { Failure } from '../../../../client/model/failures';
import { failureOfResponse } from '../../../../client/response/responseFailure';

const response = (status: number, more: Partial<HttpResponse> = {}): HttpResponse => ({
	status,
	contentType: 'application/json',
	headers: {},
	text: '{}',
	...more,
});
const asIs = (words: string) => words;

it.each<[number, Failure]>([
	[400, { kind: 'refused' }],
	[422, { kind: 'refused' }],
	[413, { kind: 'tooLarge' }],
	[401, { kind: 'unauthorized' }],
	[403, { kind: 'forbidden' }],
	[404, { kind: 'wrongAddress', found: 'notFound' }],
	[302, { kind: 'wrongAddress', found: 'redirect' }],
	[429, { kind: 'rateLimited' }],
	[500, { kind: 'unavailable' }],
	[503, { kind: 'unavailable' }],
	[409, { kind: 'rejected' }],
])('%i: %j', (status, failure) => {
	expect(failureOfResponse(response(status), 0, asIs)).toEqual({ ...failure, status });
});

it('treats a web page as a wrong address, and a response that may hold verdicts as no failure', () => {
	const page = response(200, { contentType: 'text/html', text: '<title>Hello</title>' });
	const failure = { kind: 'wrongAddress', found: 'webPage', status: 200, serverMessage: 'Hello' };
	expect(failureOfResponse(page, 0, asIs)).toEqual(failure);
	expect(failureOfResponse(response(200), 0, asIs)).toBeUndefined();
});

it('keeps the message without secrets, and the time of the next attempt', () => {
	const busy = response(429, {
		text: '{"detail": "KEY: slow down"}',
		headers: { 'retry-after': '30' },
	});
	expect(failureOfResponse(busy, 1_000, (words) => words.replace('KEY', '***'))).toEqual({
		kind: 'rateLimited',
		status: 429,
		serverMessage: '***: slow down',
		retryAt: 31_000,
	});
	const over = response(500, { headers: { 'retry-after': '0' } });
	expect(failureOfResponse(over, 1_000, asIs)).toHaveProperty('retryAt', 1_000);
});
