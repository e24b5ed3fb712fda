import type { DetectSettings } from '../../../client/detect';
import { MAX_EXTRA_REFUSALS } from '../../../client/batching/refusalTracker';
import { seededRandom, type Emulator, type ReceivedFile } from '../../support/emulator';
import { testFiles, type TestFile } from '../support/files';
import { form, run } from '../support/run';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const REFUSAL = { kind: 'status', status: 400, json: { detail: 'cannot decode' } } as const;

/** Checks files, some of them broken. From some request on, the server may refuse everything. */
async function runWith(
	files: TestFile[],
	isBroken: (index: number) => boolean,
	settings: Partial<DetectSettings> = {},
	generalFrom = Infinity,
) {
	const broken = new Set(files.filter((_, index) => isBroken(index)).map(({ sha256 }) => sha256));
	const isRefused = ({ sha256 }: ReceivedFile) => broken.has(sha256);
	emulator.misbehave((moment) => {
		if (moment.moment === 'beforeBody') return undefined;
		return moment.index >= generalFrom || moment.files.some(isRefused) ? REFUSAL : undefined;
	});
	const result = await run(files, form(emulator), settings);
	const planned = Math.ceil(files.length / (settings.maxFiles ?? 50));
	return { ...result, extra: result.counts.requests - planned };
}

type Outcomes = Awaited<ReturnType<typeof run>>['outcomes'];

function expectOnlyTheBrokenToFail(
	files: TestFile[],
	outcomes: Outcomes,
	isBroken: (index: number) => boolean,
) {
	const expected = files.map(({ verdict }, index) =>
		isBroken(index) ? { failure: 'cannot decode' } : verdict,
	);
	const found = outcomes.map(({ verdict, failure }) =>
		failure
			? { failure: failure.serverMessage }
			: { isAI: verdict.isAI, confidence: verdict.confidence },
	);
	expect(found).toEqual(expected);
}

it.each([1, 2])(
	'one broken file costs about 2 log2(n) requests (%i at once)',
	async (concurrency) => {
		for (let broken = 0; broken < 50; broken += 7) {
			const files = testFiles(50);
			const isBroken = (index: number) => index === broken;
			const { outcomes, extra } = await runWith(files, isBroken, { concurrency });
			expectOnlyTheBrokenToFail(files, outcomes, isBroken);
			expect(extra).toBeLessThanOrEqual(12);
		}
	},
);

it.each([
	['at the beginning', (index: number) => index < 3],
	['at the end', (index: number) => index >= 397],
	['here and there', (index: number) => index % 133 === 5],
	['in one batch', (index: number) => index > 110 && index < 115],
	['the first of each batch', (index: number) => index % 50 === 0],
])('a few broken files of 400, %s, are found', async (_, isBroken) => {
	const files = testFiles(400);
	const count = files.filter((_, index) => isBroken(index)).length;
	const { outcomes, extra } = await runWith(files, isBroken);
	expectOnlyTheBrokenToFail(files, outcomes, isBroken);
	expect(extra).toBeLessThanOrEqual(count * 13);
});

it('bug: the last file of a batch is sent even if all files before it were refused', async () => {
	for (const count of [3, 4]) {
		for (let good = 0; good < count; good++) {
			const files = testFiles(count);
			const isBroken = (index: number) => index !== good;
			const { outcomes } = await runWith(files, isBroken, { concurrency: 1 });
			expectOnlyTheBrokenToFail(files, outcomes, isBroken);
			emulator.reset();
		}
	}
});

it.each([1, 2, 4])(
	"a batch of only broken files doesn't affect good files (%i at once)",
	async (n) => {
		const files = testFiles(400);
		const settings = { maxFiles: 20, concurrency: n };
		for (const from of [0, 20, 200]) {
			const isBroken = (index: number) => index >= from && index < from + 20;
			const { outcomes } = await runWith(files, isBroken, settings);
			expectOnlyTheBrokenToFail(files, outcomes, isBroken);
		}
	},
);

it("a long row of broken files at the start doesn't affect the good ones", async () => {
	for (const maxFiles of [1, 10, 50]) {
		const files = testFiles(500);
		const isBroken = (index: number) => index < 120;
		const settings = { maxFiles, concurrency: 1 };
		const { outcomes } = await runWith(files, isBroken, settings);
		const failed = outcomes.flatMap(({ failure }, index) => (failure ? [index] : []));
		expect(failed).toEqual(Array.from({ length: 120 }, (_, index) => index));
	}
});

it.each([
	[1, 50, 1],
	[1, 50, 4],
	[3, 50, 1],
	[7, 50, 1],
	[50, 50, 1],
	[500, 50, 1],
	[500, 50, 4],
	[500, 1, 1],
])(
	'a run in which everything is refused ends after 12 extra requests: %i files in batches of %i, %i at once',
	async (count, maxFiles, concurrency) => {
		const files = testFiles(count);
		const settings = { maxFiles, concurrency };
		const { outcomes, counts, extra } = await runWith(files, () => true, settings);
		expect(extra).toBeLessThanOrEqual(MAX_EXTRA_REFUSALS);
		expect(counts.requests).toBeLessThanOrEqual(MAX_EXTRA_REFUSALS + Math.max(1, concurrency));
		const kinds = new Set(outcomes.map(({ failure }) => failure?.serverMessage));
		expect([...kinds]).toEqual(['cannot decode']);
		const unsent = outcomes.filter(({ failure }) => failure?.kind === 'notSent');
		expect(unsent).toEqual([]);
	},
);

it.each([1, 4])(
	'bug: after something was accepted, every file is sent, alone if all are refused (%i at once)',
	async (concurrency) => {
		const files = testFiles(1_000);
		const { outcomes, counts } = await runWith(files, () => false, { concurrency }, 5);
		expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(250);
		expect(outcomes.filter(({ failure }) => failure?.kind === 'fileRefused')).toHaveLength(750);
		expect(counts.requests).toBeLessThanOrEqual(750 * 1.1);
	},
);

it('bug: if most files are refused, each good file gets its verdict, with about one request per file', async () => {
	for (const seed of [1, 2, 3, 4, 5]) {
		const random = seededRandom(seed);
		// The first batch is accepted. Otherwise, twelve more refusals would end the run.
		const broken = Array.from({ length: 300 }, (_, index) => index >= 50 && random() < 0.8);
		const files = testFiles(300);
		const isBroken = (index: number) => broken[index] === true;
		const { outcomes, counts } = await runWith(files, isBroken);
		expectOnlyTheBrokenToFail(files, outcomes, isBroken);
		expect(counts.requests).toBeLessThanOrEqual(300 * 1.15);
		emulator.reset();
	}
});

it("with 'Stop', the first broken file that is found ends the run", async () => {
	const files = testFiles(400);
	const { outcomes, stoppedAt } = await runWith(files, (index) => index === 60, {
		stopOnFailure: true,
		concurrency: 1,
	});
	expect(stoppedAt).toBe(60);
	expect(outcomes[60]?.failure?.kind).toBe('fileRefused');
	expect(outcomes[399]?.failure).toBeDefined();
});

it('if most files are broken, in random places, all others get their verdicts', async () => {
	const files = testFiles(3_000, 60);
	const random = seededRandom(7);
	const isBroken = files.map(() => random() < 0.6);
	const { outcomes } = await runWith(files, (index) => isBroken[index] as boolean);
	expectOnlyTheBrokenToFail(files, outcomes, (index) => isBroken[index] as boolean);
});

it.each([2, 8, 13, 20])(
	"bug: a broken file in every batch doesn't affect other files (%i at once)",
	async (concurrency) => {
		const files = testFiles(1_000);
		const isBroken = (index: number) => index % 50 === 7;
		const { outcomes } = await runWith(files, isBroken, { concurrency });
		expectOnlyTheBrokenToFail(files, outcomes, isBroken);
	},
);

it.each([10, 20])(
	"bug: random broken files don't affect other files (%i at once)",
	async (concurrency) => {
		for (const seed of [1, 2, 3]) {
			const random = seededRandom(seed);
			const broken = Array.from({ length: 700 }, () => random() < 0.15);
			const files = testFiles(700);
			const isBroken = (index: number) => broken[index] === true;
			const { outcomes } = await runWith(files, isBroken, { concurrency });
			expectOnlyTheBrokenToFail(files, outcomes, isBroken);
			emulator.reset();
		}
	},
);

it('if everything is refused, parallel requests cost no more than single ones', async () => {
	const { outcomes, extra } = await runWith(testFiles(2_000), () => true, { concurrency: 20 }, 0);
	expect(extra + 40).toBeLessThanOrEqual(1 + MAX_EXTRA_REFUSALS);
	expect(outcomes.at(-1)?.failure).toMatchObject({ kind: 'everythingRefused' });
});
