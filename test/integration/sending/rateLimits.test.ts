import type { Emulator, Misbehavior } from '../../support/emulator';
import { testFiles } from '../support/files';
import { form, oAuthForm, run } from '../support/run';
import { SYSTEM_CLOCK } from '../../../client/timing/clock';
import { virtualClock } from '../support/virtualClock';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

interface Limit {
	perSecond: number;
	burst: number;
	status?: number;
	headers?: (waitSeconds: number) => Record<string, string>;
}

/** A token bucket that announces its limit only if wanted. */
function limited({ perSecond, burst, status = 429, headers = () => ({}) }: Limit): Misbehavior {
	let left = burst;
	let filledAt = performance.now();
	return ({ moment }) => {
		if (moment === 'afterBody') return undefined;
		const now = performance.now();
		left = Math.min(burst, left + ((now - filledAt) / 1_000) * perSecond);
		filledAt = now;
		if (left < 1) return { kind: 'status', status, headers: headers((1 - left) / perSecond) };
		left--;
		return undefined;
	};
}

const LIMITS: [string, Limit, number][] = [
	['10/s, burst 5', { perSecond: 10, burst: 5 }, 2],
	['10/s, burst 5', { perSecond: 10, burst: 5 }, 20],
	['10/s, burst 1', { perSecond: 10, burst: 1 }, 5],
	['503 at 10/s, as nginx', { perSecond: 10, burst: 1, status: 503 }, 2],
	['503 at 10/s, as nginx', { perSecond: 10, burst: 1, status: 503 }, 5],
];

// For other limits, and how fast they are found, see test/unit/client/timing/requestRate.test.ts.
it.each(LIMITS)(
	"bug: an unannounced limit doesn't cost any verdicts: %s (%#)",
	async (_, limit, concurrency) => {
		emulator.misbehave(limited(limit));
		const settings = { maxFiles: 1, concurrency };
		const context = { clock: SYSTEM_CLOCK };
		const { outcomes } = await run(testFiles(40), form(emulator), settings, context);
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	},
);

// For what runs share, see test/unit/client/timing/sharedRate.test.ts.
it('runs at the same time share a limit, and small ones end before a large one', async () => {
	emulator.misbehave(limited({ perSecond: 10, burst: 1 }));
	const settings = { maxFiles: 1, concurrency: 2 };
	const ends: string[] = [];
	const start = async (name: string, files: number) => {
		const context = { clock: SYSTEM_CLOCK };
		const result = await run(testFiles(files), form(emulator), settings, context);
		ends.push(name);
		return result;
	};
	const results = await Promise.all([start('large', 20), start('small', 3), start('small', 3)]);
	const outcomes = results.flatMap((result) => result.outcomes);
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(ends).toEqual(['small', 'small', 'large']);
});

it.each([
	['Retry-After', (seconds: number) => ({ 'Retry-After': String(Math.ceil(seconds)) })],
	['Retry-After with a unit', (seconds: number) => ({ 'Retry-After': `${Math.ceil(seconds)}s` })],
	['retry-after-ms', (seconds: number) => ({ 'retry-after-ms': String(seconds * 1_000) })],
	['x-ratelimit-reset', (seconds: number) => ({ 'x-ratelimit-reset': String(Math.ceil(seconds)) })],
])('follows %s', async (_, headers) => {
	emulator.misbehave(limited({ perSecond: 5, burst: 5, headers }));
	const settings = { maxFiles: 1, concurrency: 2 };
	const context = { clock: SYSTEM_CLOCK };
	const { outcomes } = await run(testFiles(10), form(emulator), settings, context);
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
});

it("bug: rate limits don't use up retries", async () => {
	const clock = virtualClock();
	emulator.misbehave(({ index, moment }) =>
		moment === 'beforeBody' && index < 12 ? { kind: 'status', status: 429 } : undefined,
	);
	const settings = { maxRetries: 0 };
	const { outcomes, counts } = await run(testFiles(1), form(emulator), settings, { clock });
	expect(outcomes[0]?.verdict).toBeDefined();
	expect(counts).toMatchObject({ requests: 13, retries: 12 });
});

it('a rate limit that accepts nothing ends the run after five minutes', async () => {
	const clock = virtualClock();
	const start = clock.elapsed();
	emulator.misbehave(({ moment }) =>
		moment === 'beforeBody' ? { kind: 'status', status: 429, json: { detail: 'no' } } : undefined,
	);
	const settings = { maxFiles: 1, concurrency: 2 };
	const { outcomes } = await run(testFiles(40), form(emulator), settings, { clock });
	const minutes = (clock.elapsed() - start) / 60_000;
	expect(minutes).toBeGreaterThan(4.9);
	expect(minutes).toBeLessThan(6);
	expect(outcomes[0]?.failure).toMatchObject({ kind: 'rateLimited', serverMessage: 'no' });
	expect(outcomes[39]?.failure).toMatchObject({ kind: 'rateLimited', endedRun: true });
});

it("a rate limit on token requests doesn't cost any verdicts", async () => {
	const clock = virtualClock();
	let tokens = 0;
	emulator.misbehaveAt('/v1/oauth/token', () =>
		tokens++ < 8 ? { kind: 'status', status: 429 } : undefined,
	);
	const { outcomes } = await run(testFiles(3), oAuthForm(emulator), {}, { clock });
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(tokens).toBe(9);
});
