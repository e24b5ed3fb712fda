/** Why an item is refused before anything is sent for it. */
export type InputProblem =
	| { kind: 'badParameter'; label: string; rule: string; value: string }
	| { kind: 'badBands'; reviewFrom: number; aiFrom: number }
	| { kind: 'badExpression'; label: string; reason: string }
	| { kind: 'noField'; field: string; available: readonly string[] }
	| { kind: 'noMatch'; pattern: string; available: readonly string[] }
	| { kind: 'noFile'; available: readonly string[] }
	| { kind: 'noContent'; field: string }
	| { kind: 'unsupported'; field: string; fileName: string; found: string | undefined }
	| { kind: 'empty'; field: string; fileName: string }
	| { kind: 'tooLarge'; field: string; fileName: string; bytes: number }
	| { kind: 'unreadable'; field: string; fileName: string }
	/** None is chosen in the node. */
	| { kind: 'noCredential' }
	/** n8n has one, but did not give it. */
	| { kind: 'credentialUnavailable'; reason: string }
	/** n8n would lose items, because it counts fewer outputs than the node has. */
	| { kind: 'outputsUnknown' }
	/** A fault of this package. */
	| { kind: 'unexpected'; reason: string };

export class InputProblemError extends Error {
	constructor(readonly problem: InputProblem) {
		super(problem.kind);
	}
}

/** The problem that an error stands for; any other error goes on. */
export function problemOf(error: unknown): InputProblem {
	if (error instanceof InputProblemError) return error.problem;
	throw error;
}
