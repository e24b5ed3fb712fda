import { bandOf, type Band } from '../../support/engine/bands';
import type { Sample } from '../../support/engine/media';

/** The summary of a run in which these images were checked. */
export function summaryOf(files: readonly Sample[], reviewFrom?: number, aiFrom?: number): string {
	const bands = files.map((file) => bandOf(file, reviewFrom, aiFrom));
	const count = (band: Band) => bands.filter((each) => each === band).length;
	const [ai, review, authentic] = [count('ai'), count('review'), count('authentic')];
	const parts = [
		ai > 0 && `${ai} AI-generated`,
		review > 0 && `${review} need${review === 1 ? 's' : ''} review`,
		authentic > 0 && `${authentic} authentic`,
	];
	const noun = files.length === 1 ? 'image' : 'images';
	return `${files.length} ${noun} checked: ${parts.filter(Boolean).join(', ')}`;
}
