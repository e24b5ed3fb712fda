/** What people do with a file, by the probability that it is AI-generated. */
export type Band = 'ai' | 'review' | 'authentic';

export interface Bands {
	/** Confidence, 0 to 1, from which a person should look at it. */
	reviewFrom: number;
	/** Confidence, 0 to 1, from which it counts as AI-generated. At least `reviewFrom`. */
	aiFrom: number;
}

export const DEFAULT_BANDS: Bands = { reviewFrom: 0.35, aiFrom: 0.65 };

export function bandOf(confidence: number, { reviewFrom, aiFrom }: Bands): Band {
	if (confidence >= aiFrom) return 'ai';
	return confidence >= reviewFrom ? 'review' : 'authentic';
}

/** That of a verdict which has been through other nodes since, as text or without its confidence. */
export function bandOfEarlier(isAI: unknown, confidence: unknown, bands: Bands): Band {
	const share =
		typeof confidence === 'string' && confidence.trim() ? Number(confidence) : confidence;
	if (typeof share === 'number' && share >= 0 && share <= 1) return bandOf(share, bands);
	return String(isAI).toLowerCase() === 'true' ? 'ai' : 'review';
}

/** What is known of an item beside the confidence of its files. */
export interface Doubts {
	/** A file of it could not be checked, here or by an earlier node. */
	hasFailures: boolean;
	/** A file of it is of a kind that no node has checked. */
	isPartial: boolean;
}

/** Nothing is authentic because of what was not looked at, unless the user says so. */
export function lift(band: Band, doubts: Doubts, uncheckedRoute: Band): Band {
	if (band !== 'authentic') return band;
	if (doubts.hasFailures) return 'review';
	return doubts.isPartial ? uncheckedRoute : band;
}

/** Whether an item's field holds what a node like this one put there. */
export function isBand(value: unknown): value is Band {
	return value === 'ai' || value === 'review' || value === 'authentic';
}
