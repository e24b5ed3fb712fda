import { hashedWhileRead, hashOf } from '../files/contentHash';
import type { Detection } from './batchScheduler';
import type { FailureKind } from '../model/failures';
import type { Outcome, Verdict } from '../model/outcome';
import type { Run } from '../sending/runContext';
import type { SourceFile } from '../files/sourceFile';

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

/**
 * Sees to it that the same content is not paid for twice. Only files whose length and first bytes
 * occur more than once are looked into, and most of these are read only once all the same: the
 * first is hashed while it is sent, the others are hashed in place of being sent.
 */
export class Reuse {
	/** To be sent in place of the files that were given. */
	readonly files: readonly SourceFile[];
	private readonly hashes: (string | undefined)[] = [];

	constructor(
		files: readonly SourceFile[],
		private readonly run: Run,
		private readonly deduplicates: boolean,
		private readonly memory: Memory | undefined,
	) {
		const isHashed = memory ? () => true : deduplicates ? sharesFingerprint(files) : () => false;
		this.files = files.map((file, index) =>
			isHashed(file) ? hashedWhileRead(file, (hash) => (this.hashes[index] = hash)) : file,
		);
	}

	/** Sees to an outcome for each file. */
	async check(detection: Detection): Promise<void> {
		const all = this.files.map((_, index) => index);
		const open = all.filter((index) => !detection.outcomeOf(index));
		if (!this.deduplicates && !this.memory) return await detection.check(open);
		const unknown = this.memory ? await this.recall(open, this.memory, detection) : open;
		try {
			if (this.deduplicates) await this.checkOnce(all, detection);
			else await detection.check(unknown);
		} finally {
			this.remember(unknown, detection);
		}
	}

	/** Returns the files of which nothing is known. */
	private async recall(
		indices: readonly number[],
		memory: Memory,
		detection: Detection,
	): Promise<number[]> {
		const candidates = new Set(indices.filter((index) => memory.mayKnow(this.fingerprint(index))));
		await this.hash([...candidates]);
		return indices.filter((index) => {
			const hash = candidates.has(index) ? this.hashes[index] : undefined;
			const verdict = hash === undefined ? undefined : memory.recall(hash);
			if (verdict) detection.settleFile(index, { verdict, reused: true });
			return !verdict;
		});
	}

	private remember(indices: readonly number[], detection: Detection): void {
		for (const index of indices) {
			const hash = this.hashes[index];
			const { verdict } = detection.outcomeOf(index) ?? {};
			if (hash && verdict) this.memory?.remember(hash, this.fingerprint(index), verdict);
		}
	}

	/** Sends one file of each fingerprint; then, of those that share it, one of each content. */
	private async checkOnce(indices: readonly number[], detection: Detection): Promise<void> {
		const isOpen = (index: number) => !detection.outcomeOf(index);
		const byFingerprint = groupBy(indices, (index) => this.fingerprint(index));
		// What is known of one may hold for the others.
		const unseen = byFingerprint.filter((group) => group.every(isOpen));
		await detection.check(unseen.map(([first]) => first));
		const others = byFingerprint.filter((group) => group.some(isOpen));
		if (others.length === 0 || this.run.stoppedBy) return;

		await this.hash(others.flat());
		// A file that can't be read has no equal: it is sent, and fails as what it is.
		const byContent = groupBy(
			others.flat(),
			(index) => this.hashes[index] ?? `unreadable ${index}`,
		);
		const open = byContent.map((group) => settleByFirst(group, detection));
		await detection.check(open.flatMap(([first]) => (first === undefined ? [] : [first])));
		if (this.run.stoppedBy) return;
		const left = open.map((group) => settleByFirst(group, detection));
		// What failed for reasons of its own says nothing of the others.
		await detection.check(left.flat());
	}

	private async hash(indices: readonly number[]): Promise<void> {
		const waiting = indices.filter((index) => this.hashes[index] === undefined);
		const { rings, signal, settings } = this.run;
		let ring = rings.take();
		let unread = 0;
		for (const index of waiting) {
			signal.throwIfAborted();
			// A store that gives nothing costs a timeout each time.
			if (unread === MOST_UNREAD) break;
			const file = this.files[index] as SourceFile;
			this.hashes[index] = await hashOf(file, ring.next(), signal, settings.timeoutMs);
			// A read that nobody waits for any more may still write into its memory.
			if (this.hashes[index] !== undefined) continue;
			ring = rings.take();
			unread++;
		}
		rings.giveBack(ring);
	}

	private fingerprint(index: number): string {
		return this.files[index]?.fingerprint ?? `none ${index}`;
	}
}

function sharesFingerprint(files: readonly SourceFile[]): (file: SourceFile) => boolean {
	const seen = new Set<string | undefined>();
	const shared = new Set<string | undefined>();
	for (const { fingerprint } of files) (seen.has(fingerprint) ? shared : seen).add(fingerprint);
	return ({ fingerprint }) => shared.has(fingerprint);
}

/** Gives all of a group the outcome that one of them has. Returns those that are left without. */
function settleByFirst(group: readonly number[], detection: Detection): number[] {
	const open = group.filter((index) => !detection.outcomeOf(index));
	const known = group
		.map((index) => detection.outcomeOf(index))
		.find((outcome) => outcome && holdsForTheContent(outcome));
	if (!known) return open;
	for (const index of open) detection.settleFile(index, { ...known, reused: true });
	return [];
}

function holdsForTheContent({ verdict, failure }: Outcome): boolean {
	return verdict !== undefined || (failure !== undefined && OF_THE_CONTENT.has(failure.kind));
}

/** Files that can't be hashed before the others are sent unhashed. */
const MOST_UNREAD = 3;

type NonEmpty = [number, ...number[]];

function groupBy(indices: readonly number[], keyOf: (index: number) => string): NonEmpty[] {
	const groups = new Map<string, NonEmpty>();
	for (const index of indices) {
		const key = keyOf(index);
		const group = groups.get(key);
		if (group) group.push(index);
		else groups.set(key, [index]);
	}
	return [...groups.values()];
}
