/** The door of the client: whatever callers may use of it. */
export { readStatus, readToken, type AccountStatus } from './auth/account';
export { signedHeaders } from './auth/authorizer';
export { parseCredentials, type CredentialProblem, type Credentials } from './auth/credentials';
export type { Memory } from './batching/deduplication';
export {
	detect,
	type BatchEvent,
	type DetectContext,
	type DetectResult,
	type DetectSettings,
	type Outcome,
} from './detect';
export { fingerprintOf } from './files/contentHash';
export { detectFormat, HEAD_BYTES, type FileFormat } from './files/fileType';
export type { FileReader, SourceFile } from './files/sourceFile';
export { isLoopback } from './http/baseUrl';
export { EgressRefusal, type EgressFilter } from './http/egress';
export { failureOf, NOTHING_ACCEPTED, type Failure, type FailureKind } from './model/failures';
export { IMAGES, VIDEOS, type MediaKind } from './model/mediaKind';
export type { Verdict } from './model/outcome';
export { unlessAborted } from './timing/abort';
