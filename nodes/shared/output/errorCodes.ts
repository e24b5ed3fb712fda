import type { Failure } from '../../../client';
import type { InputProblem } from '../settings/inputProblem';

/**
 * The error codes that users' workflows branch on, and by which this package recognizes its own
 * failures. Messages may change, but these codes must not.
 */
const FAILURE_CODES = {
	fileRefused: 'fileRefused',
	everythingRefused: 'everythingRefused',
	fileTooLarge: 'fileTooLarge',
	fileChanged: 'fileChanged',
	fileUnreadable: 'fileUnreadable',
	noVerdict: 'noVerdict',
	unreadableResponse: 'unreadableResponse',
	unauthorized: 'unauthorized',
	tokenRefused: 'tokenRefused',
	forbidden: 'forbidden',
	wrongAddress: 'wrongAddress',
	noBatches: 'noBatches',
	// A 400 or 413 for a request without files.
	refused: 'requestRejected',
	tooLarge: 'requestRejected',
	rejected: 'requestRejected',
	rateLimited: 'rateLimited',
	unavailable: 'unavailable',
	egressRefused: 'egressRefused',
	unreachable: 'unreachable',
	connectionLost: 'connectionLost',
	timeout: 'timeout',
	tls: 'tls',
	proxy: 'proxy',
	credential: 'badCredential',
	notSent: 'notSent',
} as const satisfies Record<Failure['kind'], string>;

const PROBLEM_CODES = {
	badParameter: 'badParameter',
	badBands: 'badParameter',
	badExpression: 'badExpression',
	noField: 'noFile',
	noMatch: 'noFile',
	noFile: 'noFile',
	noContent: 'noContent',
	noFileContent: 'noContent',
	lostId: 'lostId',
	badBase64: 'badBase64',
	unsupported: 'unsupportedFile',
	empty: 'emptyFile',
	tooLarge: 'fileTooLarge',
	unreadable: 'fileUnreadable',
	noAnswer: 'fileUnreadable',
	noCredential: 'noCredential',
	credentialUnavailable: 'credentialUnavailable',
	outputsUnknown: 'outputsUnknown',
	unexpected: 'unexpected',
} as const satisfies Record<InputProblem['kind'], string>;

export type ErrorCode =
	| (typeof FAILURE_CODES)[keyof typeof FAILURE_CODES]
	| (typeof PROBLEM_CODES)[keyof typeof PROBLEM_CODES];

/** Every code, once. */
export const ERROR_CODES: ReadonlySet<string> = new Set([
	...Object.values(FAILURE_CODES),
	...Object.values(PROBLEM_CODES),
]);

export function failureCode({ kind }: Pick<Failure, 'kind'>): ErrorCode {
	return FAILURE_CODES[kind];
}

export function problemCode({ kind }: Pick<InputProblem, 'kind'>): ErrorCode {
	return PROBLEM_CODES[kind];
}

export function isErrorCode(value: unknown): value is ErrorCode {
	return typeof value === 'string' && ERROR_CODES.has(value);
}
