import type { CredentialProblem } from '../../../client/model/credentialProblem';
import type { Failure, FailureKind, FailureOf } from '../../../client/model/failures';
import { JPEG, MP4, type OtherFile, type OtherKind } from '../../../client/files/fileType';
import type { MediaKind } from '../../../client/model/mediaKind';
import { CREDENTIAL_WORDS } from '../../../nodes/shared/messages/credentialMessages';
import { failureMessage } from '../../../nodes/shared/messages/failureMessages';
import { inputMessage } from '../../../nodes/shared/messages/inputMessages';
import type { Message } from '../../../nodes/shared/messages/message';
import type { InputProblem } from '../../../nodes/shared/settings/inputProblem';

type Unnamed<T> = T extends unknown ? Omit<T, 'kind'> : never;

const HOST = 'a.example';

/** Every kind of failure in all its forms. TypeScript checks that none is missing. */
const FAILURES: { [Kind in FailureKind]: Unnamed<FailureOf<Kind>>[] } = {
	fileRefused: [
		{ serverMessage: 'cannot decode' },
		{ status: 400 },
		{ status: 400, nothingAccepted: true },
	],
	everythingRefused: [{ serverMessage: 'no' }],
	fileTooLarge: [{ status: 413 }],
	fileChanged: [{}],
	fileUnreadable: [{}, { hasStalled: true }],
	noVerdict: [
		{ reason: 'missing', others: true },
		{ reason: 'incomplete', others: false, serverMessage: 'loading' },
		{ reason: 'contradictory', others: true },
		{ reason: 'shifted', others: false },
	],
	unreadableResponse: [
		{ request: 'batch' },
		{ request: 'batch', serverMessage: 'quota' },
		{ request: 'token' },
		{ request: 'status' },
	],
	unauthorized: [{}, { serverMessage: 'expired' }, { looksStandard: true }, { answeredBefore: 2 }],
	tokenRefused: [{}, { serverMessage: 'invalid_client' }, { answeredBefore: 2 }],
	forbidden: [{}, { serverMessage: 'no permission' }, { status: 403, answeredBefore: 1 }],
	wrongAddress: [
		{ found: 'notFound', status: 404 },
		{ found: 'redirect', status: 302 },
		{ found: 'webPage', status: 200 },
		{ found: 'noTls' },
		{ found: 'webPage', status: 200, answeredBefore: 10 },
		{ found: 'noTls', answeredBefore: 10 },
	],
	noBatches: [{ status: 404 }, { status: 404, answeredBefore: 3 }],
	refused: [{ status: 400 }],
	tooLarge: [{ status: 413 }],
	rejected: [{ status: 418 }, { status: 418, serverMessage: 'teapot' }],
	rateLimited: [{ status: 429 }, { retryAt: 1e12, serverMessage: 'slow down' }],
	unavailable: [{ status: 503 }, { status: 503, retryAt: 1e12 }],
	egressRefused: [{ host: HOST, reason: 'restricted IP address' }],
	unreachable: ['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT'].map((code) => ({ host: HOST, code })),
	connectionLost: [{ code: 'ECONNRESET' }],
	timeout: [
		{ phase: 'response' },
		{ phase: 'token' },
		{ phase: 'upload' },
		{ phase: 'connect', host: HOST },
		{ phase: 'connect', host: HOST, proxy: 'proxy:3128' },
	],
	tls: [
		...(['untrusted', 'expired', 'notYetValid', 'otherName', 'refused', 'other'] as const).map(
			(problem) => ({ problem, host: HOST, code: 'CODE' }),
		),
		{ problem: 'expired', host: HOST, code: 'CODE', answeredBefore: 2 },
	],
	proxy: [
		{ problem: 'refused', proxy: 'proxy:3128', status: 407 },
		{ problem: 'refused', proxy: 'proxy:3128', status: 403 },
		{ problem: 'badAddress' },
		{ problem: 'unsupportedScheme', proxy: 'proxy:1080' },
		{ problem: 'noTls', proxy: 'proxy:3128', code: 'CODE' },
		{ problem: 'certificate', proxy: 'proxy:3128', code: 'CODE' },
		{ problem: 'unreachable', proxy: 'proxy:3128', code: 'ECONNREFUSED' },
		{ problem: 'refused', proxy: 'proxy:3128', status: 407, answeredBefore: 2 },
	],
	credential: Object.keys(CREDENTIAL_WORDS).map((problem) => ({
		problem: problem as CredentialProblem,
	})),
	notSent: [{}],
};

/** Every kind of file that BitMind can't check. */
export const OTHERS: { [Kind in OtherKind]: OtherFile & { kind: Kind } } = {
	appleDouble: { kind: 'appleDouble' },
	archive: { kind: 'archive', name: 'gzip' },
	base64: { kind: 'base64', holds: 'JPEG' },
	document: { kind: 'document', name: 'PDF' },
	encrypted: { kind: 'encrypted', name: 'PGP' },
	garbled: { kind: 'garbled' },
	gif: { kind: 'gif' },
	heic: { kind: 'heic' },
	json: { kind: 'json' },
	noPicture: { kind: 'noPicture', container: 'MP4', hasSound: true },
	picture: { kind: 'picture', name: 'TIFF' },
	playlist: { kind: 'playlist' },
	program: { kind: 'program' },
	sound: { kind: 'sound', name: 'MP3' },
	svg: { kind: 'svg' },
	text: { kind: 'text' },
	unknown: { kind: 'unknown', beginsWith: '8f 3a' },
	unknownBrand: { kind: 'unknownBrand', brand: 'wxyz' },
	video: { kind: 'video', name: 'WebM' },
	webPage: { kind: 'webPage', title: 'Sign in' },
	xml: { kind: 'xml' },
	zeros: { kind: 'zeros' },
};

const file = { field: 'data', fileName: 'a.gif' };
const PROBLEMS: {
	[Kind in InputProblem['kind']]: Array<Unnamed<Extract<InputProblem, { kind: Kind }>>>;
} = {
	badParameter: [{ label: 'Batch Size', rule: 'a whole number from 1 to 50', value: 'x' }],
	badBands: [{ reviewFrom: 0.8, aiFrom: 0.5 }],
	badExpression: [{ label: 'Input Binary Field', reason: 'nothing there' }],
	noField: [{ field: 'data', available: [] }],
	noMatch: [{ pattern: 'a*', available: ['b'] }],
	noFile: [{ available: ['data'] }],
	noContent: [
		{ field: '', available: [] },
		{ field: 'data', available: ['data'] },
	],
	noFileContent: [file],
	lostId: [file],
	badBase64: [file],
	unsupported: [
		...Object.values(OTHERS).map((other) => ({ ...file, found: { other } })),
		...[JPEG, MP4].map((format) => ({ field: 'data', fileName: '', found: { format } })),
	],
	empty: [file],
	tooLarge: [{ ...file, bytes: 2e9 }],
	noCredential: [{}],
	credentialUnavailable: [{ reason: 'Credential with ID "1" does not exist' }],
	outputsUnknown: [{}],
	unreadable: [
		{ ...file, cause: { kind: 'gone' } },
		{ ...file, cause: { kind: 'noStore', mode: 's3' } },
		{ ...file, cause: { kind: 'refused', code: 'EACCES' } },
	],
	noAnswer: [{ ...file, seconds: 300 }],
	unexpected: [{ reason: 'x is not a function' }],
};

/** All messages of a node, for every kind of failure and problem. */
export function allTexts(media: MediaKind): Message[] {
	const failures = Object.entries(FAILURES).flatMap(([kind, variants]) =>
		variants.map((failure) => failureMessage({ ...failure, kind } as Failure, media)),
	);
	const problems = Object.entries(PROBLEMS).flatMap(([kind, variants]) =>
		variants.map((problem) => inputMessage({ ...problem, kind } as InputProblem, media)),
	);
	return [...failures, ...problems];
}
