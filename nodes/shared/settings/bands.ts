/** What to do with a file, by the probability that it is AI-generated. */
export type Band = 'ai' | 'review' | 'authentic';

/** From the least to the most severe. */
const SEVERITY: readonly Band[] = ['authentic', 'review', 'ai'];

export interface Bands {
	/** Confidence, 0 to 1, from which a person should look at it. */
	reviewFrom: number;
	/** Confidence, 0 to 1, from which it counts as AI-generated. At least `reviewFrom`. */
	aiFrom: number;
}

export const DEFAULT_BANDS: Bands = { reviewFrom: 0.35, aiFrom: 0.65 };

/** As people read them: in messages, hints, and labels. */
export const BAND_NAMES: Readonly<Record<Band, string>> = {
	ai: 'AI-generated',
	review: 'needs review',
	authentic: 'authentic',
};

/** A threshold that was left at its default gives way to one that was set. */
export function reconcile({ reviewFrom, aiFrom }: Bands): Bands {
	if (reviewFrom <= aiFrom) return { reviewFrom, aiFrom };
	if (reviewFrom === DEFAULT_BANDS.reviewFrom) return { reviewFrom: aiFrom, aiFrom };
	return aiFrom === DEFAULT_BANDS.aiFrom
		? { reviewFrom, aiFrom: reviewFrom }
		: { reviewFrom, aiFrom };
}

export function bandOf(confidence: number, { reviewFrom, aiFrom }: Bands): Band {
	if (confidence >= aiFrom) return 'ai';
	return confidence >= reviewFrom ? 'review' : 'authentic';
}

export function mostSevere(bands: readonly Band[]): Band {
	return SEVERITY.findLast((band) => bands.includes(band)) ?? 'authentic';
}

/** Whether a value is one of this package's verdicts. */
export function isBand(value: unknown): value is Band {
	return SEVERITY.some((band) => band === value);
}
