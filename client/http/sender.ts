export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Below the base URL. */
	path: string;
	headers: Record<string, string>;
	body?: string | { chunks: AsyncIterable<Buffer>; contentLength: number };
	signal: AbortSignal;
}

export interface HttpResponse {
	status: number;
	contentType: string;
	/** Single-valued headers that say when to come back, by their names in small letters. */
	headers: Readonly<Record<string, string | undefined>>;
	/** Cut if it was longer than anyone should read, or if a refusal broke off. */
	text: string;
}

/** What sends requests: this client's own connections, or those of the program that it runs in. */
export interface Sender {
	/** Host and port of the server, and of the proxy if there is one. */
	readonly route: { host: string; proxy: string | undefined };
	/** @throws ClientError for what the network did; the signal's reason when that was aborted */
	send: (request: HttpRequest) => Promise<HttpResponse>;
	close: () => Promise<void>;
}
