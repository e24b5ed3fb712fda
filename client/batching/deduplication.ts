import { hashedWhileRead, hashOf } from '../files/contentHash';
import type { SourceFile } from '../files/sourceFile';
import type { FailureKind } from '../model/failures';
import type { Outcome, Verdict } from '../model/outcome';
import type { Run } from '../sending/runContext';
import type { BatchScheduler } from './batchScheduler';
import type { OutcomeLedger } from './outcomeLedger';

/** Verdicts of earlier runs, by the hash of a file's content (SHA-256 in base64). */
export interface Memory {
	/** Whether there may be a verdict for a file with this fingerprint. */
	mayKnow: (fingerprint: string) => boolean;
	recall: (hash: string) => Verdict | undefined;
	remember: (hash: string, fingerprint: string, verdict: Verdict) => void;
}

/** Failures caused by a file's content: the same content would fail again. */
const OF_THE_CONTENT: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'fileRefused',
	'fileTooLarge',
]);

/** Failures of a single copy: another copy may be fine, and nothing was paid for this one. */
const OF_THE_COPY: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'fileChanged',
	'fileUnreadable',
]);

/** Maximum copies of a file to send if the service fails on them. */
const MAX_SENT_COPIES = 2;

/** After this many files have stalled during hashing, the others are sent unhashed: each costs a timeout. */
const MAX_STALLED = 3;

/** Sends files, by their indices, and gets an outcome for each. */
type Scheduler = Pick<BatchScheduler, 'check'>;

/** The indices of files with the same content. */
type Copies = [number, ...number[]];

/**
 * Makes sure that the same content is not paid for twice. It hashes only files whose length and first
 * bytes occur more than once, and reads most of them only once: the first file is hashed while it is
 * sent, and the others are hashed instead of being sent.
 */
export class Deduplication {
	/** The files to send. They are hashed while they are read. */
	readonly files: readonly SourceFile[];
	private readonly hashes: (string | undefined)[] = [];

	constructor(
		files: readonly SourceFile[],
		private readonly run: Run,
		private readonly ledger: OutcomeLedger,
		private readonly options: { deduplicate: boolean; memory: Memory | undefined },
	) {
		const { deduplicate, memory } = options;
		const { evidence } = run.settings;
		const isHashed =
			memory || evidence ? () => true : deduplicate ? sharesFingerprint(files) : () => false;
		this.files = files.map((file, index) =>
			isHashed(file) ? hashedWhileRead(file, (hash) => (this.hashes[index] = hash)) : file,
		);
	}

	/** Gets an outcome for each file. */
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

	/** SHA-256 in hex of a file that was read to its end. */
	hashOf(index: number): string | undefined {
		const hash = this.hashes[index];
		return hash && Buffer.from(hash, 'base64').toString('hex');
	}

	/** Settles the files with a remembered verdict, and returns the others. */
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

	/** Sends one file per fingerprint, and then one file per content of those that share a fingerprint. */
	private async checkOnce(scheduler: Scheduler): Promise<void> {
		const isOpen = (index: number) => this.ledger.isOpen(index);
		const all = this.files.map((_, index) => index);
		const byFingerprint = groupBy(all, (index) => this.fingerprint(index));
		// If one file has an outcome already, the others may be able to share it.
		const unseen = byFingerprint.filter((group) => group.every(isOpen));
		await scheduler.check(unseen.map(([first]) => first));
		const others = byFingerprint.filter((group) => group.some(isOpen)).flat();
		if (others.length === 0 || this.run.stoppedBy) return;

		await this.hash(others);
		// A file that can't be hashed is treated as unique. Sending it will show why.
		const byContent = groupBy(others, (index) => this.hashes[index] ?? `unreadable ${index}`);
		for (let left = byContent; left.length > 0 && !this.run.stoppedBy;) {
			left = left.filter((copies) => !this.settleAlike(copies));
			// One copy at a time: the next is only needed if this one fails.
			await scheduler.check(left.flatMap((copies) => copies.find(isOpen) ?? []));
		}
	}

	/** Shares one copy's outcome with the others, if it holds for them. Returns whether all are settled. */
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
			// The abandoned read may still write into its buffer.
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
