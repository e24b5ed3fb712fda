import type { Group } from './fileQueue';
import type { Judgement, Suspicion } from './refusalTracker';

/** How a division gets its questions answered. */
export interface Questions {
	/** Sends a group. Where it is refused, the outcome of its files is left open, but for a single one. */
	ask: (group: Group) => Promise<Judgement>;
	/** Sends a group and sees to it that each of its files gets its outcome. */
	settle: (group: Group) => Promise<Judgement>;
	/** A file from elsewhere in the run; none where no other should be sent before these are found. */
	another: () => Group | undefined;
	/** Nothing more is to be sent. */
	isStopped: () => boolean;
}

/**
 * Finds the files because of which the server refuses a group (400, 422), as it does not name them,
 * and gets the others their verdicts: k broken files of n cost about 2k·log2(n) requests.
 */
export class Division {
	constructor(
		private readonly questions: Questions,
		private readonly suspicion: Suspicion,
	) {}

	/** Sees to each file of a group that was refused as a whole. */
	async divide(group: Group): Promise<void> {
		const { files } = group;
		if (files.length === 1) return;
		if (this.suspicion.isStrong) {
			const { another, ask, isStopped } = this.questions;
			// It has to be sent anyway, and one file alone tells best whether anything is accepted.
			const other = another();
			if (other) await ask(other);
			if (isStopped()) return;
			if (!other && this.suspicion.isRoused && files.length > 2) return await this.probe(group);
			if (other && this.suspicion.isStrong) return await this.divide(group);
		}
		const middle = Math.ceil(files.length / 2);
		const left = part(group, files.slice(0, middle));
		const right = part(group, files.slice(middle));
		if (this.suspicion.isRoused) await this.askBothFirst(group, left, right);
		else await this.oneAfterTheOther(left, right);
	}

	private async oneAfterTheOther(left: Group, right: Group): Promise<void> {
		const { settle } = this.questions;
		const isLeftInOrder = (await settle(left)) === 'accepted';
		// Then the right half must hold what was refused: no need to ask.
		if (isLeftInOrder && right.files.length > 1) await this.divide(right);
		else await settle(right);
	}

	/** Both halves before either is looked into: whether anything is accepted comes first. */
	private async askBothFirst(group: Group, left: Group, right: Group): Promise<void> {
		const { ask } = this.questions;
		const refused: Group[] = [];
		for (const half of [left, right]) {
			if ((await ask(half)) === 'refused' && half.files.length > 1) refused.push(half);
		}
		if (refused.length === 2 && this.suspicion.isStrong) return await this.divide(group);
		for (const half of refused) await this.divide(half);
	}

	/** One of the group's own files alone. */
	private async probe(group: Group): Promise<void> {
		const { ask, settle } = this.questions;
		const place = Math.floor(this.suspicion.nextPlace * group.files.length);
		await ask(part(group, group.files.slice(place, place + 1)));
		const rest = part(group, group.files.toSpliced(place, 1));
		if (this.suspicion.isStrong) await this.divide(rest);
		else await settle(rest);
	}
}

function part(group: Group, files: readonly number[]): Group {
	return { ...group, files, isElsewhere: false };
}
