import { EnvHttpProxyAgent, Pool, request, type Dispatcher } from 'undici';
import { unlessAborted } from '../timing/abort';
import { Connections } from './connections';
import { decodeContent } from './contentCoding';
import { ClientError, failureOf } from '../model/failures';
import { failureOfNetwork } from './networkFailures';
import { readProxies } from './proxies';

/** Names of certificate and key as `tls.connect` takes them, all PEM text. */
export interface TlsIdentity {
	cert?: string;
	key?: string;
	passphrase?: string;
	ca?: string[];
}

export interface HttpRequest {
	method: 'GET' | 'POST';
	url: string;
	headers: Record<string, string>;
	body?: string | Buffer | { chunks: AsyncIterable<Buffer>; contentLength: number };
	signal: AbortSignal;
}

export interface HttpAnswer {
	status: number;
	contentType: string;
	retryAfter: string | undefined;
	/** Cut where it was longer than anyone should read, or where a refusal broke off. */
	text: string;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** A full batch answer is about 10 KB. */
const LONGEST_ANSWER_BYTES = 8 * 1024 * 1024;
const LONGEST_REFUSAL_BYTES = 64 * 1024;
/** Gateways add to them: more than Node's 16 KiB, and not without end. */
const LONGEST_HEADERS_BYTES = 64 * 1024;

/** How long a refusal's own words are waited for, in milliseconds: its status says enough. */
const REFUSAL_WORDS_MS = 2_000;

/**
 * The connections of one run: kept alive and used again within it, shared with nothing else, closed
 * with it. Obeys HTTP_PROXY, HTTPS_PROXY and NO_PROXY as n8n does, never follows a redirect, always
 * verifies certificates. Waiting for an answer is bounded by the caller's signal alone.
 */
export class Transport {
	private readonly connections = new Connections();
	private opened: Dispatcher | undefined;
	private hasWorked = false;

	constructor(private readonly tls: TlsIdentity) {}

	/** @throws ClientError where the proxy's address can't be used */
	private get dispatcher(): Dispatcher {
		return (this.opened ??= this.open());
	}

	private open(): Dispatcher {
		const { tls, connections } = this;
		// NODE_TLS_REJECT_UNAUTHORIZED=0 must not hand credentials to whoever stands in between.
		const verified = { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true };
		const connect = { ...tls, ...verified };
		return new EnvHttpProxyAgent({
			...readProxies(process.env),
			connect,
			requestTls: connect,
			proxyTls: { ...verified, ...(tls.ca && { ca: tls.ca }) },
			headersTimeout: 0,
			bodyTimeout: 0,
			factory: (origin: string | URL, options: Pool.Options) =>
				new Pool(origin, {
					...options,
					connect: connections.connector(options.connect),
					maxHeaderSize: LONGEST_HEADERS_BYTES,
				}),
			clientFactory: (origin: URL, options: object) => {
				const { connect } = options as Pool.Options;
				return new Pool(origin, { connect: connections.connector(connect) });
			},
		});
	}

	/** @throws ClientError for what the network did; the signal's reason when that was aborted */
	async send({ method, url, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
		try {
			const isStream = typeof body === 'object' && 'chunks' in body;
			// Until a connection has come about undici does not hear the signal.
			const asked = request(url, {
				method,
				dispatcher: this.dispatcher,
				signal,
				headers: {
					...headers,
					'accept-encoding': 'identity',
					...(isStream && { 'content-length': String(body.contentLength) }),
				},
				body: isStream ? (body.chunks as never) : body,
			});
			const answer = await unlessAborted(asked, signal);
			this.hasWorked = true;
			return await readAnswer(answer, signal);
		} catch (error) {
			if (signal.aborted) throw signal.reason;
			if (error instanceof ClientError) throw error;
			throw new ClientError(failureOfNetwork(error, url, this.hasWorked));
		}
	}

	async close(): Promise<void> {
		await this.opened?.destroy();
		this.connections.destroy();
	}
}

async function readAnswer(
	{ statusCode, headers, body }: Dispatcher.ResponseData,
	signal: AbortSignal,
): Promise<HttpAnswer> {
	const isRefusal = statusCode < 200 || statusCode >= 300;
	const limit = isRefusal ? LONGEST_REFUSAL_BYTES : LONGEST_ANSWER_BYTES;
	const patience = isRefusal ? setTimeout(() => body.destroy(), REFUSAL_WORDS_MS) : undefined;
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			chunks.push(chunk);
			length += chunk.length;
			if (length > limit) break;
		}
	} catch (error) {
		// The status of a refusal is the truth even where its words are lost; a verdict needs all of it.
		const isOver = signal.aborted && !failureOf(signal.reason);
		if (isOver || !isRefusal) throw error;
	} finally {
		clearTimeout(patience);
	}
	const bytes = Buffer.concat(chunks, Math.min(length, limit));
	const decoded = await decodeContent(bytes, single(headers['content-encoding']), limit);
	return {
		status: statusCode,
		contentType: single(headers['content-type']) ?? '',
		retryAfter: single(headers['retry-after']),
		text: decoded.toString('utf8'),
	};
}

function single(header: string | string[] | undefined): string | undefined {
	return Array.isArray(header) ? header[0] : header;
}
