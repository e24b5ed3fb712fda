import type { ReceivedFile } from './multipart';

export type AuthorizationKind =
	| 'none'
	| 'apiKey'
	| 'token'
	| 'expiredToken'
	/** A token that this emulator never issued, or another scheme. */
	| 'unknown';

/** What a request was, without any secret: tests print these. */
export interface RecordedRequest {
	method: string;
	/** Without the query. */
	path: string;
	/** Missing while no answer has begun, for ever if none did. */
	status?: number;
	/** Why it was refused, in the words of the answer. */
	refusal?: string;
	startedAt: number;
	finishedAt?: number;
	contentLength?: number;
	/** All that arrived whole, in order, also where the request was refused or given a fault. */
	files: ReceivedFile[];
	authorization: AuthorizationKind;
	authorizationSha256?: string;
	/** The id of the client whose token it carried, or was given. */
	tokenClient?: string;
	hasClientCertHeader: boolean;
	handshakeCertificate: 'none' | 'registered' | 'other';
	tlsVersion?: string;
	remotePort: number;
	/** Number of the connection that it came by. */
	connection: number;
	/** The client closed the connection before it had its answer; a fault's own end doesn't count. */
	aborted: boolean;
	requestId?: string;
}
