import type { ReceivedFile } from './multipart';

export type AuthorizationKind =
	| 'none'
	| 'apiKey'
	| 'token'
	| 'expiredToken'
	/** A token that this emulator didn't issue, or another scheme. */
	| 'unknown';

/** What is kept of a request. It contains no secrets, because tests print it. */
export interface RecordedRequest {
	method: string;
	/** Without the query. */
	path: string;
	/** Missing until a response has begun. */
	status?: number;
	/** Why it was refused, as the response says it. */
	refusal?: string;
	startedAt: number;
	finishedAt?: number;
	contentLength?: number;
	/** All files that arrived completely, in order, even if the request was refused or got a fault. */
	files: ReceivedFile[];
	authorization: AuthorizationKind;
	authorizationSha256?: string;
	/** The ID of the client whose token it sent or got. */
	tokenClient?: string;
	hasClientCertHeader: boolean;
	handshakeCertificate: 'none' | 'registered' | 'other';
	tlsVersion?: string;
	remotePort: number;
	/** The number of its connection. */
	connection: number;
	/** The client closed the connection before it had its response. A fault that closes it doesn't count. */
	aborted: boolean;
	requestId?: string;
}
