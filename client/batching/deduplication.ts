import { hashedWhileRead, hashOf } from '../files/contentHash';
import type { SourceFile } from '../files/sourceFile';
import type { FailureKind } from '../model/failures';
import type { Outcome, Verdict } from '../model/outcome';
import type { Run } from '../sending/runContext';
import type { BatchScheduler } from './batchScheduler';
import type { OutcomeLedger } from './outcomeLedger';

/** Verdicts of earlier runs, by the content of files. Hashes are SHA-256 in base64. */
export interface Memory {
	/** Whether a file with this fingerprint may be among them. */
	mayKnow: (fingerprint: string) => boolean;
	recall: (hash: string) => Verdict | undefined;
	remember: (hash: string, fingerprint: string, verdict: Verdict) => void;
}

/** Failures that lie in a file's content, so that the same content would meet them again. */
const OF_THE_CONTENT: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'fileRefused',
	'fileTooLarge',
]);

/** Failures of one copy alone: another one may be in order, and nothing was paid. */
const OF_THE_COPY: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'fileChanged',
	'fileUnreadable',
]);

/** Copies of a file that are sent, at most, if the service fails on them. */
const MAX_SENT_COPIES = 2;

/** Files that stall while they are hashed before the others are sent unhashed: each costs a timeout. */
const MAX_STALLED = 3;

/** Sends files, by their indices, and sees to an outcome for each. */
type Scheduler = Pick<BatchScheduler, 'check'>;

/** A file's indices in the run, those of the same content together. */
type Copies = [number, ...number[]];

/**
 * Sees to it that the same content is not paid for twice. Only files whose length and first bytes
 * occur more than once are looked into, and most of these are read only once all the same: the
 * first is hashed while it is sent, the others are hashed instead of being sent.
 */
export class Deduplication {
	/** To be sent in place of the files that were given. */
	readonly files: readonly SourceFile[];
	private readonly hashes: (string | undefined)[] = [];

	constructor(
		files: readonly SourceFile[],
		private readonly run: Run,
		private readonly ledger: OutcomeLedger,
		private readonly options: { deduplicate: boolean; memory: Memory | undefined },
	) {
		const { deduplicate, memory } = options;
		const isHashed = memory ? () => true : deduplicate ? sharesFingerprint(files) : () => false;
		this.files = files.map((file, index) =>
			isHashed(file) ? hashedWhileRead(file, (hash) => (this.hashes[index] = hash)) : file,
		);
	}

	/** Sees to an outcome for each file. */
	async check(scheduler: Scheduler): Promise<void> {
		const { deduplicate, memory } = this.options;
		const open = this.files.map((_, index) => index).filter((index) => this.ledger.isOpen(index));
		const unknown = memory ? await this.recall(open, memory) : open;
		try {
			if (deduplicate) await this.checkOnce(scheduler);
			else await scheduler.check(unknown);
		} finally {
			if (memory) this.remember(unknown, memory);
		}
	}

	/** Returns the files of which nothing is known. */
	private async recall(indices: readonly number[], memory: Memory): Promise<number[]> {
		const candidates = new Set(indices.filter((index) => memory.mayKnow(this.fingerprint(index))));
		await this.hash([...candidates]);
		return indices.filter((index) => {
			const hash = candidates.has(index) ? this.hashes[index] : undefined;
			const verdict = hash === undefined ? undefined : memory.recall(hash);
			if (verdict) this.ledger.settle(index, { verdict, reused: true });
			return !verdict;
		});
	}

	private remember(indices: readonly number[], memory: Memory): void {
		for (const index of indices) {
			const hash = this.hashes[index];
			const { verdict } = this.ledger.outcomeOf(index) ?? {};
			if (hash && verdict) memory.remember(hash, this.fingerprint(index), verdict);
		}
	}

	/** Sends one file of each fingerprint; then, of those that share it, one of each content. */
	private async checkOnce(scheduler: Scheduler): Promise<void> {
		const isOpen = (index: number) => this.ledger.isOpen(index);
		const all = this.files.map((_, index) => index);
		const byFingerprint = groupBy(all, (index) => this.fingerprint(index));
		// What is known of one may hold for the others.
		const unseen = byFingerprint.filter((group) => group.every(isOpen));
		await scheduler.check(unseen.map(([first]) => first));
		const others = byFingerprint.filter((group) => group.some(isOpen)).flat();
		if (others.length === 0 || this.run.stoppedBy) return;

		await this.hash(others);
		// A file that can't be read has no equal: it is sent, and fails as what it is.
		const byContent = groupBy(others, (index) => this.hashes[index] ?? `unreadable ${index}`);
		for (let left = byContent; left.length > 0 && !this.run.stoppedBy;) {
			left = left.filter((copies) => !this.settleAlike(copies));
			// One copy of each content at a time: the next may fare better, and is enough.
			await scheduler.check(left.flatMap((copies) => copies.find(isOpen) ?? []));
		}
	}

	/** Gives all copies the outcome that one of them has, if it holds for them. Whether none is open. */
	private settleAlike(copies: Copies): boolean {
		const open = copies.filter((index) => this.ledger.isOpen(index));
		if (open.length === 0) return true;
		const outcomes = copies.flatMap((index) => this.ledger.outcomeOf(index) ?? []);
		const sent = outcomes.filter(({ failure }) => !failure || !OF_THE_COPY.has(failure.kind));
		const shared = sent.find(holdsForTheContent) ?? sent[MAX_SENT_COPIES - 1];
		if (!shared) return false;
		for (const index of open) this.ledger.settle(index, { ...shared, reused: true });
		return true;
	}

	private async hash(indices: readonly number[]): Promise<void> {
		const waiting = indices.filter((index) => this.hashes[index] === undefined);
		const { rings, signal, settings } = this.run;
		let ring = rings.take();
		let stalled = 0;
		for (const index of waiting) {
			signal.throwIfAborted();
			if (stalled === MAX_STALLED) break;
			const file = this.files[index] as SourceFile;
			const result = await hashOf(file, ring.next(), { signal, timeoutMs: settings.timeoutMs });
			this.hashes[index] = result.hash;
			if (result.hash !== undefined || result.problem !== 'stalled') continue;
			// A read that nobody waits for any more may still write into its memory.
			ring = rings.take();
			stalled++;
		}
		rings.giveBack(ring);
	}

	private fingerprint(index: number): string {
		return this.files[index]?.fingerprint ?? `none ${index}`;
	}
}

function holdsForTheContent({ verdict, failure }: Outcome): boolean {
	return verdict !== undefined || (failure !== undefined && OF_THE_CONTENT.has(failure.kind));
}

function sharesFingerprint(files: readonly SourceFile[]): (file: SourceFile) => boolean {
	const seen = new Set<string | undefined>();
	const shared = new Set<string | undefined>();
	for (const { fingerprint } of files) (seen.has(fingerprint) ? shared : seen).add(fingerprint);
	return ({ fingerprint }) => shared.has(fingerprint);
}

function groupBy(indices: readonly number[], keyOf: (index: number) => string): Copies[] {
	const groups = new Map<string, Copies>();
	for (const index of indices) {
		const key = keyOf(index);
		const group = groups.get(key);
		if (group) group.push(index);
		else groups.set(key, [index]);
	}
	return [...groups.values()];
}
