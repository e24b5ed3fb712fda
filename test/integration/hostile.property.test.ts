import fc from 'fast-check';
import { startEmulator, type Emulator } from '../support/emulator';
import { propertyRuns } from '../support/propertyRuns';
import { testFiles, type TestFile } from './support/files';
import {
	anyFault,
	anyGapFault,
	gapFault,
	hang,
	hostile,
	passingFault,
	type HostilePlan,
} from './support/hostileServer';
import { form, oAuthForm, run } from './support/run';

const RUNS = propertyRuns(200);

/** A long time for a server on the same machine. */
const TIMEOUT_MS = 400;

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator();
});
afterAll(async () => await emulator.close());

const shape = fc.record({
	count: fc.integer({ min: 1, max: 60 }),
	size: fc.integer({ min: 40, max: 3_000 }),
	maxFiles: fc.integer({ min: 1, max: 20 }),
	concurrency: fc.integer({ min: 1, max: 6 }),
	seed: fc.nat(),
	poisoned: fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 4 }),
	bodyLimit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 4_000, max: 60_000 })),
	hasToken: fc.boolean(),
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const at = <T>(value: fc.Arbitrary<T>, most: number) =>
	fc
		.array(fc.tuple(fc.nat({ max: 25 }), value), { maxLength: most })
		.map((pairs) => new Map(pairs));

async function runAgainst(
	{ count, size, maxFiles, concurrency, seed, poisoned, bodyLimit, hasToken }: Shape,
	plan: Pick<HostilePlan, 'passing' | 'gaps'>,
	expireAt: readonly number[],
	timeoutMs = 10_000,
) {
	emulator.reset();
	const files = testFiles(count, size);
	const bad = new Set(poisoned.map((index) => files[index]?.sha256));
	const { misbehave, witness } = hostile({
		...plan,
		isPoisoned: (file) => bad.has(file.sha256),
		bodyLimit,
		seed,
	});
	const expiring = new Set(expireAt);
	let answeredBefore = 0;
	emulator.misbehave((moment) => {
		// A token that expires before it was ever accepted can't be distinguished from a wrong one.
		const wasOfUse = witness.answered.size > answeredBefore;
		if (moment.moment === 'beforeBody' && wasOfUse && expiring.delete(moment.index)) {
			answeredBefore = witness.answered.size;
			emulator.expireTokens();
		}
		return misbehave(moment);
	});
	const result = await run(files, hasToken ? oAuthForm(emulator) : form(emulator), {
		maxFiles,
		concurrency,
		timeoutMs,
	});
	return { files, result, witness, isPoisoned: (file: TestFile) => bad.has(file.sha256) };
}

/** The maximum number of extra requests to find this many broken files. */
function isolationCost(broken: number, batchSize: number): number {
	const perFile = 2 * Math.ceil(Math.log2(Math.max(2, batchSize))) + 1;
	return broken * perFile;
}

it('gets every possible verdict, for the right file, despite transient faults', async () => {
	await fc.assert(
		fc.asyncProperty(
			shape,
			at(passingFault, 4),
			at(gapFault, 1),
			fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 2 }),
			async (given, passing, gaps, expireAt) => {
				const { files, result, witness, isPoisoned } = await runAgainst(
					given,
					{ passing, gaps },
					expireAt,
				);
				const partLimit = given.bodyLimit - 400;
				files.forEach((file, index) => {
					const outcome = result.outcomes[index];
					if (isPoisoned(file)) {
						expect(outcome?.failure?.kind).toMatch(/fileRefused|everythingRefused/);
					} else if (outcome?.failure) {
						// With so few good files, broken files look like a run that is refused.
						expect(outcome.failure.kind).toBe(
							file.size > partLimit ? 'fileTooLarge' : 'everythingRefused',
						);
						expect(files.every(isPoisoned) || witness.answered.size === 0).toBe(true);
					} else {
						expect(outcome?.verdict).toMatchObject(file.verdict);
					}
				});
				expect(witness.sentAgain).toEqual([]);
				if (given.bodyLimit === Infinity) {
					const extra = passing.size + gaps.size + expireAt.length * given.concurrency;
					const planned = Math.ceil(given.count / given.maxFiles);
					const broken = files.filter(isPoisoned).length;
					expect(result.counts.requests).toBeLessThanOrEqual(
						planned + extra + isolationCost(broken, given.maxFiles),
					);
				}
				expect(files.filter(({ isOpen }) => isOpen)).toEqual([]);
			},
		),
		RUNS,
	);
}, 170_000);

it('never gives a wrong verdict, loses a file, or pays twice, whatever the server does', async () => {
	await fc.assert(
		fc.asyncProperty(
			shape,
			at(anyFault, 25),
			at(anyGapFault, 8),
			fc.array(fc.nat({ max: 25 })),
			async (given, passing, gaps, expireAt) => {
				const { files, result, witness } = await runAgainst(given, { passing, gaps }, expireAt);
				expect(result.outcomes).toHaveLength(files.length);
				files.forEach((file, index) => {
					const outcome = result.outcomes[index];
					if (outcome?.verdict) expect(outcome.verdict).toMatchObject(file.verdict);
					else expect(outcome?.failure?.kind).toBeDefined();
				});
				expect(witness.sentAgain).toEqual([]);
				expect(files.filter(({ isOpen }) => isOpen)).toEqual([]);
			},
		),
		RUNS,
	);
}, 170_000);

it('copes with a server that stalls now and then', async () => {
	await fc.assert(
		fc.asyncProperty(shape, at(hang, 2), async (given, passing) => {
			const plan = { passing, gaps: new Map() };
			const { files, result, witness } = await runAgainst(given, plan, [], TIMEOUT_MS);
			files.forEach((file, index) => {
				const outcome = result.outcomes[index];
				if (outcome?.verdict) expect(outcome.verdict).toMatchObject(file.verdict);
				else expect(outcome?.failure?.kind).not.toBe('timeout');
			});
			expect(witness.sentAgain).toEqual([]);
			expect(files.filter(({ isOpen }) => isOpen)).toEqual([]);
		}),
		// Timeouts run in real time.
		{ ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 10) },
	);
}, 170_000);
