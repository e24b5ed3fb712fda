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

/** Whether an item's field holds what a node like this one put there. */
export function isBand(value: unknown): value is Band {
	return value === 'ai' || value === 'review' || value === 'authentic';
}
