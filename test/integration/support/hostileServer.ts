import fc from 'fast-check';
import {
	seededRandom,
	shuffle,
	withContradiction,
	withDuplicate,
	withFailedEntry,
	withoutPositions,
	withPosition,
	type Fault,
	type Misbehavior,
	type Moment,
	type ReceivedFile,
} from '../../support/emulator';

/** A fault that a retry overcomes. */
export type Passing = { when: 'beforeBody' | 'afterBody'; fault: Fault };

const status = (code: number, headers: Record<string, string> = {}): Fault => ({
	kind: 'status',
	status: code,
	json: { detail: `status ${code}` },
	headers,
});

const before = (fault: Fault): Passing => ({ when: 'beforeBody', fault });
const after = (fault: Fault): Passing => ({ when: 'afterBody', fault });

/** Faults after which a retry may succeed. */
export const passingFault: fc.Arbitrary<Passing> = fc.oneof(
	fc.constantFrom(408, 429, 500, 502, 503, 504).map((code) => after(status(code))),
	fc.integer({ min: 0, max: 300 }).map((s) => after(status(429, { 'retry-after': String(s) }))),
	fc
		.integer({ min: -60, max: 200 })
		.map((s) => new Date(Date.now() + s * 1_000).toUTCString())
		.map((date) => after(status(503, { 'retry-after': date }))),
	fc
		.constantFrom('lingering' as const, 'abrupt' as const)
		.map((early) => before({ kind: 'status', status: 503, json: { detail: 'early' }, early })),
	fc.constantFrom(0, 1, 500, Infinity).map((afterBytes) => before({ kind: 'reset', afterBytes })),
	fc.constant(after({ kind: 'truncatedResponse' })),
);

/** Faults that usually end the whole run. */
const finalFault: fc.Arbitrary<Passing> = fc.oneof(
	fc.constantFrom(401, 403, 404, 302, 418).map((code) => after(status(code))),
	fc
		.constantFrom(401, 403)
		.map((code) =>
			before({ kind: 'status', status: code, json: { detail: 'early' }, early: 'abrupt' }),
		),
	fc.constant(after({ kind: 'html200' })),
	fc
		.constantFrom(200, 400, 500)
		.map((code) => after({ kind: 'hugeText', megabytes: 1, status: code })),
);

export const anyFault: fc.Arbitrary<Passing> = fc.oneof(
	{ arbitrary: passingFault, weight: 20 },
	{ arbitrary: finalFault, weight: 1 },
);

export const hang: fc.Arbitrary<Passing> = fc.oneof(
	fc.constantFrom(0, 300).map((afterBytes) => before({ kind: 'hang', afterBytes })),
	fc.constant(after({ kind: 'hang' })),
);

/** Faults that leave some or all files of a response without a usable entry. */
export const gapFault: fc.Arbitrary<Fault> = fc.oneof(
	fc.constant<Fault>({ kind: 'invalidJson' }),
	fc.constant<Fault>({ kind: 'wrongSchema' }),
	fc
		.record({
			pick: fc.nat({ max: 19 }),
			change: fc.constantFrom('drop', 'duplicate', 'contradict', 'outOfRange', 'fraction'),
		})
		.map(({ pick, change }): Fault => ({
			kind: 'results',
			change: (results, files) => {
				const position = pick % results.length;
				const other = (position + 1) % results.length;
				switch (change) {
					case 'drop':
						return withoutPositions(position)(results, files);
					case 'duplicate':
						return withDuplicate(position)(results, files);
					case 'contradict':
						return withContradiction(position)(results, files);
					case 'outOfRange':
						return withPosition(position, results.length + other)(results, files);
					default:
						return withPosition(position, position + 0.5)(results, files);
				}
			},
		})),
);

/** The same, and an entry with an error instead of a verdict, which is final for its file. */
export const anyGapFault: fc.Arbitrary<Fault> = fc.oneof(
	gapFault,
	fc.nat({ max: 19 }).map((place): Fault => ({
		kind: 'results',
		change: (results, files) => withFailedEntry(place % results.length)(results, files),
	})),
);

export interface HostilePlan {
	/** By the index of the request. */
	passing: ReadonlyMap<number, Passing>;
	gaps: ReadonlyMap<number, Fault>;
	isPoisoned: (file: ReceivedFile) => boolean;
	/** Bodies with more bytes get a 413. */
	bodyLimit: number;
	seed: number;
}

/** Which good responses were sent, and which requests contained files that had one already. */
interface Witness {
	answered: Set<string>;
	/** Hashes of files that were sent again although their verdict had been sent. */
	sentAgain: string[];
}

/** A server that follows a plan, and records its responses. */
export function hostile(plan: HostilePlan): { misbehave: Misbehavior; witness: Witness } {
	const random = seededRandom(plan.seed);
	const witness: Witness = { answered: new Set(), sentAgain: [] };
	const misbehave: Misbehavior = (moment) => {
		if (moment.contentLength > plan.bodyLimit) {
			const early = random() < 0.5 ? ('lingering' as const) : ('abrupt' as const);
			return moment.moment === 'beforeBody'
				? { kind: 'status', status: 413, json: { detail: 'too large' }, early }
				: undefined;
		}
		const passing = plan.passing.get(moment.index);
		if (passing?.when === moment.moment) return passing.fault;
		if (moment.moment === 'beforeBody' || passing) return undefined;
		return respond(moment, plan, witness, random);
	};
	return { misbehave, witness };
}

function respond(
	{ files, index }: Extract<Moment, { moment: 'afterBody' }>,
	plan: HostilePlan,
	witness: Witness,
	random: () => number,
): Fault {
	for (const { sha256 } of files) {
		if (witness.answered.has(sha256)) witness.sentAgain.push(sha256);
	}
	if (files.some(plan.isPoisoned)) {
		return { kind: 'status', status: 400, json: { detail: 'cannot decode' } };
	}
	const gap = plan.gaps.get(index);
	if (gap) return gap;
	for (const { sha256 } of files) witness.answered.add(sha256);
	return { kind: 'results', change: (results) => shuffle([...results], random) };
}
