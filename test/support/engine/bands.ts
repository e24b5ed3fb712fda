import type { Sample } from './media';

export type Band = 'ai' | 'review' | 'authentic';

/** The outputs of a node that routes, by band. */
export const OUTPUT_OF: Readonly<Record<Band, string>> = {
	ai: 'AI Generated',
	review: 'Review',
	authentic: 'Authentic',
};

/** The words for a band in reports, lists and messages. */
export const WORDS: Readonly<Record<Band, string>> = {
	ai: 'AI-generated',
	review: 'needs review',
	authentic: 'authentic',
};

/** The band of a sample's verdict, by default with the thresholds that the nodes suggest. */
export function bandOf(
	{ verdict: { confidence } }: Pick<Sample, 'verdict'>,
	reviewFrom = 0.35,
	aiFrom = 0.65,
): Band {
	if (confidence >= aiFrom) return 'ai';
	return confidence >= reviewFrom ? 'review' : 'authentic';
}
