import type { ResultsChange } from './faults';

/** Leaves out the entries of these positions. */
export function withoutPositions(...positions: readonly number[]): ResultsChange {
	return (results) => results.filter((result) => !positions.includes(result.batch_position));
}

/** Sends the entry of this position twice. */
export function withDuplicate(position: number): ResultsChange {
	return (results) => [
		...results,
		...results.filter((result) => result.batch_position === position),
	];
}

/** Sends two entries for this position, with different verdicts. */
export function withContradiction(position: number): ResultsChange {
	return (results) =>
		results.flatMap((result) =>
			result.batch_position === position
				? [result, { ...result, isAI: !result.isAI, confidence: 1 - result.confidence }]
				: [result],
		);
}

/** Gives the entry another position, which may be out of range, a fraction, a string, null or undefined. */
export function withPosition(position: number, claimed: unknown): ResultsChange {
	return withEntry(position, (result) => ({ ...result, batch_position: claimed }));
}

/** Sends an error instead of the verdict. */
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
