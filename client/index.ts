/** The client's only entry point: everything that callers may import. */
export { readStatus, readToken } from './auth/account';
export { signedHeaders } from './auth/authorizer';
export { accountOf, parseCredentials, type Credentials } from './auth/credentials';
export type { Memory } from './batching/deduplication';
export { detect, type DetectSettings } from './detect';
export { fingerprintOf } from './files/contentHash';
export {
	HEAD_BYTES,
	recognize,
	type OtherFile,
	type OtherKind,
	type Recognized,
} from './files/fileType';
export type { FileReader, SourceFile } from './files/sourceFile';
export { isLoopback } from './http/baseUrl';
export { EgressRefusal, type EgressFilter } from './http/egress';
export type { HostSend } from './http/hostSender';
export type { HttpRequest, HttpResponse } from './http/sender';
export type { CredentialProblem } from './model/credentialProblem';
export {
	failureOf,
	type Failure,
	type FailureKind,
	type FailureOf,
	type NoVerdictReason,
	type ProxyProblem,
	type TlsProblem,
} from './model/failures';
export { IMAGES, VIDEOS, type MediaKind } from './model/mediaKind';
export {
	NO_COUNTS,
	type BatchEvent,
	type DetectResult,
	type Outcome,
	type Verdict,
} from './model/outcome';
export { unlessAborted } from './timing/abort';
