import type { HttpResponse } from '../../../../client/http/sender';
import { classify } from '../../../../client/response/classify';
import { failureOfResponse } from '../../../../client/response/responseFailure';

const asIs = (words: string) => words;

const response = (status: number, more: Partial<HttpResponse> = {}): HttpResponse => ({
	status,
	contentType: 'application/json',
	headers: {},
	text: '{}',
	...more,
});

it.each([
	[[200, 201, 202, 203, 204, 206, 299], 'answered'],
	[[400, 415, 422], 'refused'],
	[[413], 'tooLarge'],
	[[401], 'unauthorized'],
	[[403], 'forbidden'],
	[[300, 301, 302, 303, 307, 308, 304, 399], 'redirect'],
	[[404, 405], 'notFound'],
	[[429], 'rateLimited'],
	[[408, 425, 500, 501, 502, 503, 504, 507, 511, 520, 522, 524, 529, 530, 599], 'unavailable'],
	[[402, 406, 409, 410, 411, 414, 418, 431, 451], 'rejected'],
])('classifies %j as %s', (statuses, meaning) => {
	for (const status of statuses)
		expect([status, classify(response(status))]).toEqual([status, meaning]);
});

it.each([
	[{ text: 'Welcome', contentType: 'text/html' }],
	[{ text: '<!DOCTYPE html><html></html>', contentType: '' }],
	[{ text: '\n <html>', contentType: 'application/json' }],
])('treats a web page with 200 as a wrong address: %j', (more) => {
	expect(classify(response(200, more))).toBe('webPage');
});

it('bug: accepts JSON even if a gateway labels it as HTML', () => {
	expect(classify(response(200, { contentType: 'text/html' }))).toBe('answered');
});

it.each([400, 401, 403, 413, 429, 500, 503])(
	'trusts a status more than the web page that a gateway sends with it: %i',
	(status) => {
		const page = response(status, { contentType: 'text/html', text: '<html>nginx</html>' });
		expect(classify(page)).toBe(classify(response(status)));
		expect(failureOfResponse(page, 0, asIs)).not.toHaveProperty('serverMessage');
	},
);

it.each([
	[{ text: '{"detail": "Rate limit exceeded"}' }],
	[{ text: 'Too Many Requests', contentType: 'text/plain' }],
	[{ text: '<html><title>503</title>You are being throttled</html>', contentType: 'text/html' }],
	[{ text: 'ratelimited' }],
	[{ text: 'rate-limit' }],
	[{ text: 'Quota used up' }],
	[{ text: 'Please slow down' }],
	[{ text: 'Connection limit exceeded' }],
	[{ text: 'The limit is exceeded' }],
	[{ headers: { 'x-ratelimit-reset': '7' } }],
	[{ headers: { 'ratelimit-reset': '7' } }],
	[{ headers: { 'x-rate-limit-reset': '7' } }],
])('treats a 503 that mentions a limit as a 429: %j', (more) => {
	expect(classify(response(503, more))).toBe('rateLimited');
	expect(classify(response(502, more))).toBe('unavailable');
});

it('treats any other 503 as an outage', () => {
	const text = '<html><title>503 Service Temporarily Unavailable</title></html>';
	expect(classify(response(503, { text, headers: { 'retry-after': '60' } }))).toBe('unavailable');
});
