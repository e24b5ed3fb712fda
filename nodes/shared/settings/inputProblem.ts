import type { Recognized } from '../../../client';

/** Why an item is refused before anything is sent for it. */
export type InputProblem =
	| { kind: 'badParameter'; label: string; rule: string; value: string }
	| { kind: 'badBands'; reviewFrom: number; aiFrom: number }
	| { kind: 'badExpression'; label: string; reason: string }
	| { kind: 'noField'; field: string; available: readonly string[] }
	| { kind: 'noMatch'; pattern: string; available: readonly string[] }
	| { kind: 'noFile'; available: readonly string[] }
	/** The expression gives an object that leads to no file. */
	| { kind: 'noContent'; field: string; available: readonly string[] }
	/** The field holds something that is no file. */
	| { kind: 'noFileContent'; field: string; fileName: string }
	/** A binary object without the id by which n8n finds its content. */
	| { kind: 'lostId'; field: string; fileName: string }
	| { kind: 'badBase64'; field: string; fileName: string }
	| { kind: 'unsupported'; field: string; fileName: string; found: Recognized }
	| { kind: 'empty'; field: string; fileName: string }
	| { kind: 'tooLarge'; field: string; fileName: string; bytes: number }
	| { kind: 'unreadable'; field: string; fileName: string; cause: Unreadable }
	| { kind: 'noAnswer'; field: string; fileName: string; seconds: number }
	/** None is chosen in the node. */
	| { kind: 'noCredential' }
	/** n8n has one, but did not give it. */
	| { kind: 'credentialUnavailable'; reason: string }
	/** n8n would lose items, because it counts fewer outputs than the node has. */
	| { kind: 'outputsUnknown' }
	/** A fault of this package. */
	| { kind: 'unexpected'; reason: string };

/** Why n8n's storage does not give a file. */
export type Unreadable =
	| { kind: 'gone' }
	/** The file is in a storage that this n8n does not have. */
	| { kind: 'noStore'; mode: string }
	/** `code`: the system's, such as EACCES. */
	| { kind: 'refused'; code: string };

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
