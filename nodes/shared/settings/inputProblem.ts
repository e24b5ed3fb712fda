import type { Recognized } from '../../../client';

/** Why an item or a file is refused before it is sent. */
export type InputProblem =
	| { kind: 'badParameter'; label: string; rule: string; value: string }
	| { kind: 'badBands'; reviewFrom: number; aiFrom: number }
	| { kind: 'badExpression'; label: string; reason: string }
	| { kind: 'noField'; field: string; available: readonly string[] }
	| { kind: 'noMatch'; pattern: string; available: readonly string[] }
	| { kind: 'noFile'; available: readonly string[] }
	/** The expression returns an object without a file. */
	| { kind: 'noContent'; field: string; available: readonly string[] }
	/** The field holds something that isn't a file. */
	| { kind: 'noFileContent'; field: string; fileName: string }
	/** A binary object without the id by which n8n finds its content. */
	| { kind: 'lostId'; field: string; fileName: string }
	| { kind: 'badBase64'; field: string; fileName: string }
	| { kind: 'unsupported'; field: string; fileName: string; found: Recognized }
	| { kind: 'empty'; field: string; fileName: string }
	| { kind: 'tooLarge'; field: string; fileName: string; bytes: number }
	| { kind: 'unreadable'; field: string; fileName: string; cause: Unreadable }
	| { kind: 'noAnswer'; field: string; fileName: string; seconds: number }
	/** The node has no credential. */
	| { kind: 'noCredential' }
	/** n8n didn't provide the credential. */
	| { kind: 'credentialUnavailable'; reason: string }
	/** n8n would lose items, because it counts fewer outputs than the node has. */
	| { kind: 'outputsUnknown' }
	/** A bug in this package. */
	| { kind: 'unexpected'; reason: string };

/** Why n8n's storage doesn't return a file. */
export type Unreadable =
	| { kind: 'gone' }
	/** The file is in a storage that this n8n does not have. */
	| { kind: 'noStore'; mode: string }
	/** `code`: the system's error code, such as EACCES. */
	| { kind: 'refused'; code: string };

export class InputProblemError extends Error {
	constructor(readonly problem: InputProblem) {
		super(problem.kind);
	}
}

/** The problem in an error. Rethrows any other error. */
export function problemOf(error: unknown): InputProblem {
	if (error instanceof InputProblemError) return error.problem;
	throw error;
}
