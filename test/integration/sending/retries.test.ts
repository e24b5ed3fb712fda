import { SYSTEM_CLOCK } from '../../../client/timing/clock';
import { startEmulator, type Emulator, type Fault } from '../../support/emulator';
import { failFirst, status } from '../support/faults';
import { testFile, testFiles } from '../support/files';
import { form, oAuthForm, run } from '../support/run';
import { virtualClock } from '../support/virtualClock';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const first = (count: number, fault: Fault) => failFirst(emulator, count, fault);

const paths = () => emulator.requests.map(({ path }) => path);

describe.each([408, 425, 429, 500, 502, 503, 504, 520, 530])('status %i', (code) => {
	it('is retried until there is a response', async () => {
		first(3, status(code));
		const file = testFile(1);
		const { outcomes, counts } = await run([file], form(emulator));
		expect(outcomes[0]?.verdict).toMatchObject(file.verdict);
		expect(counts).toMatchObject({ requests: 4, retries: 3 });
		expect(file.opened).toBe(4);
	});
});

it.each([408, 425, 500, 502, 503, 504, 507, 520, 530])(
	'status %i fails after the maximum number of retries, with the status and the number of attempts',
	async (code) => {
		for (const maxRetries of [0, 1, 4]) {
			emulator.reset();
			first(100, status(code));
			const { outcomes, counts } = await run([testFile(1)], form(emulator), { maxRetries });
			const attempts = maxRetries + 1;
			expect(outcomes[0]?.failure).toMatchObject({ kind: 'unavailable', status: code, attempts });
			expect(counts.requests).toBe(attempts);
		}
	},
);

it('each batch has its own retries', async () => {
	first(4, status(503));
	const { outcomes, counts } = await run(testFiles(4), form(emulator), {
		maxFiles: 1,
		maxRetries: 4,
		concurrency: 1,
	});
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(counts).toMatchObject({ requests: 8, retries: 4 });
});

it("a batch that fails for good doesn't affect the others", async () => {
	emulator.misbehave(({ contentLength }) => (contentLength < 2_000 ? status(500) : undefined));
	const files = [...testFiles(3, 3_000), testFile(9, 700)];
	const { outcomes } = await run(files, form(emulator), { maxFiles: 1, maxRetries: 1 });
	expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([
		...Array(3).fill(undefined),
		'unavailable',
	]);
});

it('waits longer before each retry, with full jitter, up to 30 s', async () => {
	first(100, status(503));
	const clock = virtualClock(() => 0.999);
	await run([testFile(1)], form(emulator), { maxRetries: 9 }, { clock });
	const seconds = clock.waits.map((wait) => Math.round(wait / 100) / 10);
	expect(seconds).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
	const without = virtualClock(() => 0);
	await run([testFile(1)], form(emulator), { maxRetries: 3 }, { clock: without });
	expect(Math.max(...without.waits)).toBe(0);
});

it.each([402, 406, 409, 418])(
	'an undocumented status %d fails only its own batch',
	async (code) => {
		first(1, status(code));
		const settings = { maxFiles: 2, concurrency: 1 };
		const { outcomes, counts } = await run(testFiles(6), form(emulator), settings);
		expect(outcomes.map(({ failure }) => failure?.status)).toEqual([code, code, ...Array(4)]);
		expect(counts).toMatchObject({ requests: 3, retries: 0 });
	},
);

it('an undocumented status ends the run if it comes twice in a row', async () => {
	first(100, status(402));
	const settings = { maxFiles: 1, concurrency: 1 };
	const { outcomes, counts } = await run(testFiles(20), form(emulator), settings);
	expect(counts.requests).toBe(2);
	expect(outcomes[19]?.failure).toMatchObject({ kind: 'rejected', status: 402 });
});

it("retries don't multiply the load during an outage", async () => {
	first(10_000, status(503));
	const { counts } = await run(testFiles(600), form(emulator), { maxFiles: 1 });
	expect(counts.requests).toBeLessThanOrEqual(600 + 100);
	expect(counts.retries).toBe(100);
});

it('requests are spaced over the whole run, including retries', async () => {
	first(2, status(503));
	const clock = virtualClock();
	const start = clock.now();
	const settings = { maxFiles: 1, concurrency: 4, requestsPerMinute: 30 };
	const { counts } = await run(testFiles(8), form(emulator), settings, { clock });
	expect(counts.requests).toBe(10);
	expect(clock.now() - start).toBeGreaterThanOrEqual(9 * 2_000 - 500);
});

describe('401', () => {
	it('with an API key ends the run at once', async () => {
		first(100, status(401));
		const settings = { maxFiles: 1, concurrency: 1 };
		const { outcomes, counts } = await run(testFiles(10), form(emulator), settings);
		expect(counts.requests).toBe(1);
		const kinds = outcomes.map(({ failure }) => failure?.kind);
		expect(kinds).toEqual(Array(10).fill('unauthorized'));
	});

	it('with a token costs one new token in all, and one retry per request', async () => {
		const files = testFiles(40);
		let expired = false;
		emulator.misbehave(({ index, moment }) => {
			if (index === 8 && moment === 'beforeBody' && !expired) {
				expired = true;
				emulator.expireTokens();
			}
			return undefined;
		});
		const settings = { maxFiles: 2, concurrency: 4 };
		const { outcomes, counts } = await run(files, oAuthForm(emulator), settings);
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
		expect(paths().filter((path) => path === '/v1/oauth/token')).toHaveLength(2);
		expect(counts.retries).toBeLessThanOrEqual(4);
	});

	it('with a new token as well ends the run', async () => {
		first(100, status(401));
		const settings = { maxFiles: 1, concurrency: 1 };
		const { outcomes, counts } = await run(testFiles(10), oAuthForm(emulator), settings);
		expect(counts.requests).toBe(2);
		expect(paths().filter((path) => path === '/v1/oauth/token')).toHaveLength(2);
		expect(outcomes[9]?.failure?.kind).toBe('unauthorized');
	});

	it('for the same request again and again comes to an end', async () => {
		emulator.misbehave(({ contentLength, moment }) =>
			moment === 'beforeBody' && contentLength > 3_000 ? status(401) : undefined,
		);
		const files = [...testFiles(200), testFile(7, 4_000)];
		const settings = { maxFiles: 1, concurrency: 4 };
		const { counts } = await run(files, oAuthForm(emulator), settings);
		expect(counts.requests).toBeLessThanOrEqual(200 + 1 + 2 + 4);
	});
});

it('403 ends the run at once, also with a token', async () => {
	first(100, status(403));
	const settings = { maxFiles: 1, concurrency: 1 };
	const { outcomes, counts } = await run(testFiles(10), oAuthForm(emulator), settings);
	expect(counts.requests).toBe(1);
	expect(outcomes[9]?.failure).toMatchObject({ kind: 'forbidden', status: 403 });
});

it('a token is renewed a minute before it expires', async () => {
	const clock = virtualClock();
	const lived = await startEmulator({ tokenExpiresInSeconds: 170, now: () => clock.now() });
	const settings = { maxFiles: 1, concurrency: 1, requestsPerMinute: 1 };
	const { outcomes, counts } = await run(testFiles(5), oAuthForm(lived), settings, { clock });
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(counts.retries).toBe(0);
	const tokens = lived.requests.filter(({ path }) => path === '/v1/oauth/token');
	expect(tokens).toHaveLength(3);
	await lived.close();
});

it('no request waits for a turn that will never come', async () => {
	emulator.misbehave(({ index, moment }) => {
		if (moment === 'afterBody') return undefined;
		if (index === 0) return status(503, { headers: { 'Retry-After': '60' } });
		return { kind: 'status', status: 403, json: {} };
	});
	// The second request is in flight when the first one is told to wait.
	const settings = { maxFiles: 1, concurrency: 2 };
	const start = Date.now();
	const context = { clock: SYSTEM_CLOCK };
	const { outcomes } = await run(testFiles(4), form(emulator), settings, context);
	expect(outcomes.map(({ failure }) => failure?.kind)).toEqual(Array(4).fill('forbidden'));
	expect(Date.now() - start).toBeLessThan(20_000);
});

it.each(['invalidJson', 'wrongSchema', 'reset'] as const)(
	'bug: a broken response to a token request is transient: %s',
	async (kind) => {
		let tokens = 0;
		emulator.misbehaveAt('/v1/oauth/token', () => (++tokens === 1 ? { kind } : undefined));
		const { outcomes, counts } = await run(testFiles(4), oAuthForm(emulator));
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
		expect(tokens).toBe(2);
		// No batch request was retried.
		expect(counts).toMatchObject({ requests: 1, retries: 0 });
	},
);
