import type { ResultsChange } from './faults';

/** Leaves out the entries of these positions. */
export function withoutPositions(...positions: readonly number[]): ResultsChange {
	return (results) => results.filter((result) => !positions.includes(result.batch_position));
}

/** The same entry twice, word for word. */
export function withDuplicate(position: number): ResultsChange {
	return (results) => [
		...results,
		...results.filter((result) => result.batch_position === position),
	];
}

/** Two entries claim one position with different verdicts. */
export function withContradiction(position: number): ResultsChange {
	return (results) =>
		results.flatMap((result) =>
			result.batch_position === position
				? [result, { ...result, isAI: !result.isAI, confidence: 1 - result.confidence }]
				: [result],
		);
}

/** An entry gives another place than its own: out of range, a fraction, a text, null, nothing. */
export function withPosition(position: number, claimed: unknown): ResultsChange {
	return withEntry(position, (result) => ({ ...result, batch_position: claimed }));
}

/** An entry carries an error in place of a verdict. */
export function withFailedEntry(
	position: number,
	failure: Record<string, unknown> = { error: 'cannot decode image' },
): ResultsChange {
	return withEntry(position, () => ({ ...failure, batch_position: position }));
}

export function withEntry(
	position: number,
	change: (result: Parameters<ResultsChange>[0][number]) => unknown,
): ResultsChange {
	return (results) =>
		results.map((result) => (result.batch_position === position ? change(result) : result));
}
