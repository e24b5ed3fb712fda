import { detect, NO_COUNTS, type DetectResult, type Failure, type Outcome } from '../../client';
import { egressFilterOf } from './credential/egressFilter';
import type { Access, Accessible } from './credential/readCredential';
import type { ItemFile } from './input/itemPlans';
import { logBatch } from './output/batchLog';
import { earlierTries } from './retryOnFail';
import type { Execution } from './settings/execution';
import type { Read, RunSettings } from './settings/runSettings';
import { openMemory, type VerdictMemory } from './verdictMemory';

/**
 * Checks the files of all items with BitMind, in one run per credential. The runs share nothing, so
 * that no file is ever sent with the wrong credential.
 */
export async function check(
	execution: Execution,
	accessible: Accessible,
	{ value: settings }: Read<RunSettings>,
): Promise<DetectResult> {
	const total = settle([], { kind: 'notSent' });
	if (!settings) return total;
	const { rememberDays } = settings;
	const tries = earlierTries(execution, accessible.plans);
	const memory = rememberDays ? openMemory(execution, rememberDays) : undefined;
	try {
		for (const share of sharesOf(accessible)) {
			const known = share.places.map((place) => tries.known[place]);
			const result =
				total.stoppedAt === undefined
					? await checkShare(execution, { ...share, known, memory }, settings)
					: settle(known, { kind: 'notSent' });
			addShare(result, share, total);
		}
	} finally {
		memory?.save();
	}
	tries.keep(total.outcomes);
	return total;
}

/** Files that are sent with one credential. */
interface Share {
	access: Access;
	files: ItemFile[];
	/** Their places among all files. */
	places: number[];
}

/** Unusable credentials come first, so that nothing is sent if they end the run. */
function sharesOf({ plans, accesses }: Accessible): readonly Share[] {
	const shares = new Map<Access, Share>();
	let place = 0;
	plans.forEach(({ files }, index) => {
		const access = accesses.get(index);
		if (!access) return;
		const share = shares.get(access) ?? { access, files: [], places: [] };
		shares.set(access, share);
		share.files.push(...files);
		share.places.push(...files.map(() => place++));
	});
	const all = [...shares.values()];
	return [
		...all.filter(({ access }) => access.failure),
		...all.filter(({ access }) => !access.failure),
	];
}

interface Task extends Share {
	/** Outcomes that are known already. */
	known: readonly (Outcome | undefined)[];
	memory: VerdictMemory | undefined;
}

async function checkShare(
	{ context, signal }: Execution,
	{ access, files, known, memory }: Task,
	settings: RunSettings,
): Promise<DetectResult> {
	if (access.failure) {
		const result = settle(known, access.failure);
		const first = result.outcomes.findIndex(({ failure }) => failure);
		return settings.stopOnFailure && first >= 0 ? { ...result, stoppedAt: first } : result;
	}
	const { credentials, account } = access;
	const sources = files.map(({ source }) => source);
	return await detect(sources, credentials, settings, {
		signal,
		onBatch: (event) => logBatch(context, event, settings.kind),
		memory: memory?.of([credentials.baseUrl, account].filter(Boolean).join(' ')),
		known,
		egress: egressFilterOf(context),
	});
}

/** The outcomes of files that are not sent. */
function settle(known: Task['known'], failure: Failure): DetectResult {
	return {
		outcomes: known.map((outcome) => outcome ?? { failure }),
		counts: { ...NO_COUNTS },
		stoppedAt: undefined,
	};
}

function addShare(
	{ outcomes, counts, stoppedAt }: DetectResult,
	{ places }: Share,
	total: DetectResult,
) {
	outcomes.forEach((outcome, index) => {
		total.outcomes[places[index] as number] = outcome;
	});
	total.counts.requests += counts.requests;
	total.counts.retries += counts.retries;
	total.counts.split += counts.split;
	total.counts.followUps += counts.followUps;
	if (stoppedAt !== undefined) total.stoppedAt ??= places[stoppedAt];
}
