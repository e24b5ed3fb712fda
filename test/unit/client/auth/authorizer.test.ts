import { Authorizer, TOKEN_SETTLES_MS } from '../../../../client/auth/authorizer';
import { parseCredentials } from '../../../../client/auth/credentials';
import type { HttpRequest, HttpResponse, Sender } from '../../../../client/http/sender';
import { failureOf, type Failure } from '../../../../client/model/failures';
import { steppedClock } from '../timing/steppedClock';

const OAUTH = { authentication: 'oAuth2', clientId: 'id', clientSecret: 's e&cret' };
const MINUTE_S = 60;

const response = (status: number, body: unknown): HttpResponse => ({
	status,
	contentType: 'application/json',
	headers: {},
	text: typeof body === 'string' ? body : JSON.stringify(body),
});

const token = (value: string, more: object = { expires_in: 3600 }) =>
	response(200, { access_token: value, token_type: 'Bearer', ...more });

type Answer = HttpResponse | ((request: HttpRequest) => Promise<HttpResponse>);

/** An authorizer whose token requests get these responses, one after the other. */
function scene(answers: Answer[], { fields = {}, timeoutMs = 60_000, certificate = '' } = {}) {
	const clock = steppedClock();
	const requests: HttpRequest[] = [];
	const sender: Sender = {
		route: { host: 'api.example', proxy: 'proxy:1' },
		send: async (request) => {
			requests.push(request);
			const answer = answers[requests.length - 1];
			if (!answer) throw new Error('no further token request was expected');
			return typeof answer === 'function' ? await answer(request) : answer;
		},
		close: async () => {},
	};
	const base = { baseUrl: 'https://enterprise.bitmind.ai', ...OAUTH };
	const parsed = parseCredentials({ ...base, ...fields }, 0);
	const identity = { kind: 'oAuth2', clientId: 'id', clientSecret: undefined } as const;
	const mTls = certificate && { clientCertificate: certificate, identity };
	const credentials = { ...parsed, ...mTls };
	const controller = new AbortController();
	const context = { sender, clock, signal: controller.signal, timeoutMs };
	const authorizer = new Authorizer(credentials, context);
	const pass = async (milliseconds: number) =>
		await clock.sleep(milliseconds, new AbortController().signal);
	const bearer = async () => (await authorizer.authorize()).headers.authorization;
	return { authorizer, requests, clock, pass, bearer, controller };
}

async function failureIn(promise: Promise<unknown>): Promise<Failure | undefined> {
	return await promise.then(
		() => undefined,
		(error: unknown) => failureOf(error),
	);
}

it('signs with an API key, and requests no token', async () => {
	const { authorizer, requests } = scene([], {
		fields: { authentication: 'apiKey', apiKey: 'enterprise-1' },
	});
	expect(await authorizer.authorize()).toEqual({
		headers: { authorization: 'Bearer enterprise-1' },
	});
	expect(requests).toEqual([]);
});

it('requests a token as OAuth 2.0 says', async () => {
	const { authorizer, requests, clock } = scene([token('one')]);
	const { headers, token: given } = await authorizer.authorize();
	expect(headers).toEqual({ authorization: 'Bearer one' });
	expect(given).toMatchObject({ value: 'one', usableAt: clock.elapsed(), wasAccepted: false });
	expect(authorizer.tokens).toEqual(['one']);
	expect(requests).toMatchObject([
		{
			method: 'POST',
			path: '/v1/oauth/token',
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				accept: 'application/json',
			},
			body: 'grant_type=client_credentials&client_id=id&client_secret=s+e%26cret',
		},
	]);
	expect(requests[0]?.headers).not.toHaveProperty('x-client-cert');
});

it('also sends a client certificate with the token request, and no secret if there is none', async () => {
	const { authorizer, requests } = scene([token('one')], { certificate: 'PEM' });
	const { headers } = await authorizer.authorize();
	expect(requests[0]?.headers).toHaveProperty('x-client-cert', 'PEM');
	expect(requests[0]?.body).toBe('grant_type=client_credentials&client_id=id');
	expect(headers).toEqual({ authorization: 'Bearer one', 'x-client-cert': 'PEM' });
});

it('fetches one token for all requests that wait, and for later ones', async () => {
	const { bearer, requests } = scene([token('one')]);
	expect(await Promise.all([bearer(), bearer(), bearer()])).toEqual(Array(3).fill('Bearer one'));
	expect(await bearer()).toBe('Bearer one');
	expect(requests).toHaveLength(1);
});

it.each<[string, object, number]>([
	['an hour', { expires_in: 3_600 }, 59 * MINUTE_S],
	['an hour, as text', { expires_in: '3600' }, 59 * MINUTE_S],
	['longer than a minute', { expires_in: 61 }, 1],
	['a minute', { expires_in: 60 }, 30],
	['ten seconds', { expires_in: 10 }, 5],
	['an unknown time', {}, 59 * MINUTE_S],
	['an invalid time', { expires_in: 'soon' }, 59 * MINUTE_S],
	['no time', { expires_in: 0 }, 59 * MINUTE_S],
])('renews a token that is valid for %s', async (_, more, seconds) => {
	const { pass, bearer } = scene([token('one', more), token('two')]);
	expect(await bearer()).toBe('Bearer one');
	await pass(seconds * 1_000 - 1);
	expect(await bearer()).toBe('Bearer one');
	await pass(1);
	expect(await bearer()).toBe('Bearer two');
});

describe('a token that was refused', () => {
	it('is not used again', async () => {
		const { authorizer, bearer } = scene([token('one'), token('two')]);
		const { token: first } = await authorizer.authorize();
		authorizer.refuse(first!);
		expect(await bearer()).toBe('Bearer two');
		expect(authorizer.tokens).toEqual(['one', 'two']);
	});

	it("bug: doesn't drop a newer one", async () => {
		const { authorizer, bearer, requests } = scene([token('one'), token('two')]);
		const { token: first } = await authorizer.authorize();
		authorizer.refuse(first!);
		await bearer();
		authorizer.refuse(first!);
		expect(await bearer()).toBe('Bearer two');
		expect(requests).toHaveLength(2);
	});

	it('waits before the next one if it was never accepted', async () => {
		const { authorizer, clock } = scene([token('one'), token('two'), token('three')]);
		const { token: first } = await authorizer.authorize();
		authorizer.refuse(first!);
		const start = clock.elapsed();
		const { token: second } = await authorizer.authorize();
		expect(clock.elapsed() - start).toBe(TOKEN_SETTLES_MS);
		expect(TOKEN_SETTLES_MS).toBe(2_000);
		second!.wasAccepted = true;
		authorizer.refuse(second!);
		const again = clock.elapsed();
		await authorizer.authorize();
		expect(clock.elapsed()).toBe(again);
	});
});

it.each<[number, unknown, Failure]>([
	[400, { error: 'bad' }, { kind: 'tokenRefused', status: 400, serverMessage: 'bad' }],
	[401, {}, { kind: 'tokenRefused', status: 401 }],
	[403, {}, { kind: 'forbidden', status: 403 }],
	[413, {}, { kind: 'rejected', status: 413 }],
	[429, {}, { kind: 'rateLimited', status: 429 }],
	[500, {}, { kind: 'unavailable', status: 500 }],
	[200, 'no JSON', { kind: 'unreadableResponse', request: 'token' }],
	[200, {}, { kind: 'unreadableResponse', request: 'token' }],
	[200, { access_token: '' }, { kind: 'unreadableResponse', request: 'token' }],
	[200, { access_token: 'a b' }, { kind: 'unreadableResponse', request: 'token' }],
	[200, { access_token: 'a\r\nX: 1' }, { kind: 'unreadableResponse', request: 'token' }],
	[200, { access_token: 'naïve' }, { kind: 'unreadableResponse', request: 'token' }],
])('a response of %i %j to a token request is a failure', async (status, body, failure) => {
	const { authorizer, bearer } = scene([response(status, body), token('next')]);
	expect(await failureIn(authorizer.authorize())).toEqual(failure);
	// The next request requests a new one.
	expect(await bearer()).toBe('Bearer next');
});

it('shows no secret that the server repeats', async () => {
	const { authorizer } = scene([response(400, { error: 'bad s e&cret' })]);
	const failure = await failureIn(authorizer.authorize());
	expect(failure?.serverMessage).toBeDefined();
	expect(failure?.serverMessage).not.toContain('s e&cret');
});

/** A server that doesn't respond until the request's signal aborts. */
const silent: Answer = async ({ signal }) =>
	await new Promise((_, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason as Error));
	});

it("times out if the server doesn't respond, and names the way to it", async () => {
	const { authorizer } = scene([silent], { timeoutMs: 1 });
	expect(await failureIn(authorizer.authorize())).toEqual({
		kind: 'timeout',
		phase: 'token',
		host: 'api.example',
		proxy: 'proxy:1',
	});
});

it('ends with its run, and leaves no timer behind', async () => {
	const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
	const before = timers();
	const { authorizer, controller } = scene([silent]);
	const waiting = authorizer.authorize();
	await Promise.resolve();
	controller.abort(new Error('canceled'));
	await expect(waiting).rejects.toThrow('canceled');
	const { bearer } = scene([token('one')]);
	await bearer();
	expect(timers()).toBe(before);
});
