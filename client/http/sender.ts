export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Relative to the base URL. */
	path: string;
	headers: Record<string, string>;
	body?: string;
	signal: AbortSignal;
}

/** A request whose body is too large to be held in memory. */
export interface UploadRequest extends Omit<HttpRequest, 'body'> {
	body: { chunks: AsyncIterable<Buffer>; contentLength: number };
}

export interface HttpResponse {
	status: number;
	contentType: string;
	/** By their names in lowercase. */
	headers: Readonly<Record<string, string | undefined>>;
	/** Truncated if it was too long, or if the body of a refusal broke off. */
	text: string;
}

/** Sends requests, over this client's own connections or those of the host program. */
export interface Sender {
	/** Host and port of the server, and of the proxy if there is one. */
	readonly route: { host: string; proxy: string | undefined };
	/** @throws ClientError for a network failure; the signal's reason if it was aborted */
	send: (request: HttpRequest) => Promise<HttpResponse>;
	close: () => Promise<void>;
}
