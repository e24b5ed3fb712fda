import type { DetectSettings } from '../../../client/detect';
import type { Emulator, Fault, ReceivedFile } from '../../support/emulator';
import { testFiles, type TestFile } from '../support/files';
import { form, run } from '../support/run';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const status = (code: number): Fault => ({
	kind: 'status',
	status: code,
	json: { detail: `worker died with ${code}` },
});

const FAULTS: [string, Fault, string][] = [
	['500', status(500), 'unavailable'],
	['502', status(502), 'unavailable'],
	['504', status(504), 'unavailable'],
	['a lost connection', { kind: 'reset', afterBytes: Infinity }, 'connectionLost'],
	['a challenge page', { kind: 'status', status: 403, html: '<html>?</html>' }, 'forbidden'],
];

/** Checks files, on some of which the server fails each time. */
async function runWith(
	files: TestFile[],
	broken: number[],
	fault: Fault,
	settings: Partial<DetectSettings> = {},
) {
	const hashes = new Set(broken.map((index) => files[index]?.sha256));
	const isBroken = ({ sha256 }: ReceivedFile) => hashes.has(sha256);
	emulator.misbehave((moment) =>
		moment.moment === 'afterBody' && moment.files.some(isBroken) ? fault : undefined,
	);
	const result = await run(files, form(emulator), settings);
	const failed = result.outcomes.flatMap(({ failure }, index) => (failure ? [index] : []));
	return { ...result, failed };
}

describe.each(FAULTS)('a file on which the server gives %s each time', (_, fault, kind) => {
	it.each([1, 2, 5])(
		"bug: doesn't affect other files, and costs few requests (%i at once)",
		async (concurrency) => {
			for (const broken of [50, 77, 99]) {
				const files = testFiles(200);
				const { outcomes, failed, counts } = await runWith(files, [broken], fault, { concurrency });
				expect(failed).toEqual([broken]);
				expect(outcomes[broken]?.failure?.kind).toBe(kind);
				// Five for its batch, and 2·log2(50) + 2 to find it.
				expect(counts.requests).toBeLessThanOrEqual(4 + 4 + 13);
				emulator.reset();
			}
		},
	);

	it('bug: is also found in the only batch of a run', async () => {
		// Before the first response of the API, a file can't be the cause of a 403 page.
		if (kind === 'forbidden') return;
		for (const broken of [0, 23, 49]) {
			const { failed, counts } = await runWith(testFiles(50), [broken], fault);
			expect(failed).toEqual([broken]);
			expect(counts.requests).toBeLessThanOrEqual(5 + 13);
			emulator.reset();
		}
	});
});

it("fails with the server's status and message", async () => {
	const { outcomes } = await runWith(testFiles(60), [7], status(502));
	expect(outcomes[7]?.failure).toMatchObject({
		kind: 'unavailable',
		status: 502,
		serverMessage: 'worker died with 502',
	});
});

it.each([
	['two in one batch', [3, 4]],
	['two in the halves of one batch', [3, 40]],
	['one in each batch', [3, 60, 110, 160]],
	['many in one batch', [50, 55, 60, 65, 70, 75, 80, 85, 90]],
])("bug: several such files don't affect the others: %s", async (_, broken) => {
	for (const concurrency of [1, 3]) {
		const { failed } = await runWith(testFiles(200), broken, status(500), { concurrency });
		expect(failed).toEqual(broken);
		emulator.reset();
	}
});

it.each([0, 1, 2, 10])('with any number of Max Retries: %i', async (maxRetries) => {
	const { failed } = await runWith(testFiles(150), [60], status(500), { maxRetries });
	expect(failed).toEqual([60]);
});

it("with 'Stop', the file that ends the run is named", async () => {
	const settings = { stopOnFailure: true, concurrency: 1 };
	const { outcomes, stoppedAt } = await runWith(testFiles(150), [60], status(500), settings);
	expect(stoppedAt).toBe(60);
	expect(outcomes[60]?.failure).toMatchObject({ kind: 'unavailable', status: 500 });
});

it.each(FAULTS.slice(0, 4))(
	"the search doesn't add much load to an outage: %s",
	async (_, fault) => {
		for (const [count, concurrency] of [
			[50, 1],
			[50, 2],
			[500, 2],
			[500, 5],
		] as const) {
			emulator.misbehave(({ moment }) => (moment === 'afterBody' ? fault : undefined));
			const { outcomes, counts } = await run(testFiles(count), form(emulator), { concurrency });
			expect(outcomes.every(({ failure }) => failure)).toBe(true);
			expect(counts.requests).toBeLessThanOrEqual((count / 50) * 5);
			emulator.reset();
		}
	},
);

it("the search doesn't add much load to an outage that starts in the middle of a run", async () => {
	emulator.misbehave(({ index, moment }) =>
		moment === 'afterBody' && index >= 4 ? status(500) : undefined,
	);
	const { outcomes, counts } = await run(testFiles(500), form(emulator), { concurrency: 2 });
	expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(200);
	expect(counts.requests).toBeLessThanOrEqual(4 + 6 * 5);
});

it("a file that crashes the server for a moment doesn't affect the others", async () => {
	const files = testFiles(300);
	let crashes = 0;
	let down = 0;
	emulator.misbehave((moment) => {
		// The crash loses all requests in flight, and those during the restart.
		if (down > 0 && moment.moment === 'beforeBody') {
			down--;
			return { kind: 'reset' };
		}
		if (moment.moment === 'beforeBody') return undefined;
		if (!moment.files.some(({ sha256 }) => sha256 === files[120]?.sha256)) return undefined;
		crashes++;
		down = 1;
		return { kind: 'reset', afterBytes: Infinity };
	});
	const { outcomes } = await run(files, form(emulator), { concurrency: 3 });
	const failed = outcomes.flatMap(({ failure }, index) => (failure ? [index] : []));
	expect(failed).toEqual([120]);
	expect(crashes).toBeLessThan(20);
});
