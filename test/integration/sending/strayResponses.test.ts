import { startEmulator, type Emulator, type Fault } from '../../support/emulator';
import { status } from '../support/faults';
import { testFiles } from '../support/files';
import { form, oAuthForm, run } from '../support/run';
import { virtualClock } from '../support/virtualClock';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const STRAYS: [string, Fault, string][] = [
	['a maintenance page with 200', { kind: 'html200' }, 'wrongAddress'],
	['a redirect to a login', status(302, { headers: { Location: '/login' } }), 'wrongAddress'],
	["a gateway's 404", { kind: 'status', status: 404, html: '<html>nginx</html>' }, 'wrongAddress'],
	['a 405', status(405), 'wrongAddress'],
	[
		'a challenge page with 403',
		{ kind: 'status', status: 403, html: '<html>?</html>' },
		'forbidden',
	],
	['a 401 for a key that has just worked', status(401), 'unauthorized'],
];

/** Faults by the number of the request. */
function at(faultOf: (index: number) => Fault | undefined): void {
	emulator.misbehave(({ index, moment }) => (moment === 'afterBody' ? faultOf(index) : undefined));
}

const SETTINGS = { maxFiles: 1, concurrency: 1 };

it.each(STRAYS)(
	'bug: a single stray response costs one retry and no verdict: %s',
	async (_, fault) => {
		at((index) => (index === 5 ? fault : undefined));
		const { outcomes, counts } = await run(testFiles(20), form(emulator), SETTINGS);
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
		expect(counts).toMatchObject({ requests: 21, retries: 1 });
	},
);

it.each(STRAYS)(
	'bug: a persistent stray response fails only its own batch, and says what came before: %s',
	async (_, fault, kind) => {
		at((index) => (index >= 5 && index < 10 ? fault : undefined));
		const { outcomes, counts } = await run(testFiles(20), form(emulator), SETTINGS);
		expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(19);
		expect(outcomes[5]?.failure).toMatchObject({ kind, answeredBefore: 5, attempts: 5 });
		expect(outcomes[5]?.failure).not.toHaveProperty('endedRun');
		expect(counts.requests).toBe(19 + 5);
	},
);

it.each(STRAYS)(
	'a persistent stray response ends the run at the second batch: %s',
	async (_, fault, kind) => {
		at((index) => (index >= 5 ? fault : undefined));
		const { outcomes, counts } = await run(testFiles(50), form(emulator), SETTINGS);
		expect(counts.requests).toBe(5 + 2 * 5);
		expect(outcomes[49]?.failure).toMatchObject({ kind, answeredBefore: 5, endedRun: true });
	},
);

it.each(STRAYS)(
	'a stray response before any other ends the run at once: %s',
	async (_, fault, kind) => {
		at(() => fault);
		const { outcomes, counts } = await run(testFiles(50), form(emulator), SETTINGS);
		expect(counts.requests).toBe(1);
		// Its status page distinguishes an account without batch access from a wrong address.
		const isFound = fault.kind === 'status' && [404, 405].includes(fault.status);
		expect(outcomes[0]?.failure?.kind).toBe(isFound ? 'noBatches' : kind);
		expect(outcomes[49]?.failure).toMatchObject({ endedRun: true });
		expect(outcomes[49]?.failure).not.toHaveProperty('answeredBefore');
	},
);

it("bug: a stray page for one of many parallel requests doesn't affect the others", async () => {
	at((index) => (index % 7 === 6 ? { kind: 'html200' } : undefined));
	const { outcomes } = await run(testFiles(60), form(emulator), { maxFiles: 2, concurrency: 5 });
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
});

it.each([406, 409, 418])(
	"bug: two batches that fail for good (%i) don't end a run that has responses in between",
	async (code) => {
		at((index) => (index === 1 || index === 8 ? status(code) : undefined));
		const { outcomes, counts } = await run(testFiles(20), form(emulator), {
			...SETTINGS,
			concurrency: 2,
		});
		expect(outcomes.filter(({ failure }) => failure)).toHaveLength(2);
		expect(counts.requests).toBe(20);
	},
);

it("bug: two very long Retry-Afters don't end a run that has responses in between", async () => {
	const fault = status(503, { headers: { 'Retry-After': '86400' } });
	at((index) => (index === 1 || index === 8 ? fault : undefined));
	const { outcomes } = await run(testFiles(20), form(emulator), { ...SETTINGS, concurrency: 2 });
	expect(outcomes.filter(({ failure }) => failure)).toHaveLength(2);
});

it.each<[string, Fault]>([
	['no JSON', { kind: 'invalidJson' }],
	['another schema', { kind: 'wrongSchema' }],
	['no entries', { kind: 'results', change: () => [] }],
	[
		'entries without verdicts',
		{ kind: 'results', change: (r) => r.map(({ batch_position }) => ({ batch_position })) },
	],
	[
		'positions that count from one',
		{
			kind: 'results',
			change: (r) => r.map((each) => ({ ...each, batch_position: each.batch_position + 1 })),
		},
	],
])('bug: three unusable responses end a run that has no usable one: %s', async (_, fault) => {
	at(() => fault);
	const settings = { maxFiles: 5, concurrency: 1 };
	const { outcomes, counts } = await run(testFiles(100), form(emulator), settings);
	expect(counts.requests).toBe(3);
	expect(outcomes.every(({ failure }) => failure)).toBe(true);
	expect(outcomes[99]?.failure).toMatchObject({ endedRun: true });
});

it('continues after unusable responses if others were usable', async () => {
	at((index) => (index > 3 && index < 12 ? { kind: 'invalidJson' } : undefined));
	const settings = { maxFiles: 5, concurrency: 1 };
	const { outcomes } = await run(testFiles(100), form(emulator), settings);
	expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(80);
	expect(outcomes[20]?.failure).toMatchObject({ kind: 'unreadableResponse' });
});

it.each([100, 500, 1_500])(
	"bug: a token that becomes valid only after %i ms doesn't end the run",
	async (tokenValidAfterMs) => {
		const clock = virtualClock();
		const ahead = await startEmulator({ tokenValidAfterMs, now: () => clock.now() });
		const settings = { maxFiles: 1, concurrency: 2 };
		const { outcomes } = await run(testFiles(5), oAuthForm(ahead), settings, { clock });
		await ahead.close();
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
		const tokens = ahead.requests.filter(({ path }) => path === '/v1/oauth/token');
		expect(tokens).toHaveLength(2);
	},
);
