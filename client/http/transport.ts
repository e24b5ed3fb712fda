import { Pool, ProxyAgent, request, type Dispatcher } from 'undici';
import { ClientError, failureOf } from '../model/failures';
import { unlessAborted } from '../timing/abort';
import { VERSION } from '../model/version';
import { Connections } from './connections';
import { decodeContent } from './contentCoding';
import type { EgressFilter } from './egress';
import { failureOfNetwork } from './networkFailures';
import type { HttpRequest, HttpResponse, Sender, UploadRequest } from './sender';
import { proxyFor, type Proxy } from './proxies';

/** Certificate and key as options of `tls.connect`, all in PEM text. */
export interface TlsIdentity {
	cert?: string;
	key?: string;
	passphrase?: string;
	ca?: string[];
}

/** The server had closed a kept-alive connection before it saw the request. */
export class StaleConnectionError extends ClientError {}

const CONNECT_TIMEOUT_MS = 10_000;

/** A full batch response is about 10 KB. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;
/** More than Node's 16 KiB, because gateways add headers. */
const MAX_HEADER_BYTES = 64 * 1024;

/** How long to wait for the body of a refusal: its status says enough. */
const REFUSAL_BODY_TIMEOUT_MS = 2_000;

/**
 * A request that fails this soon on a used connection met one that was closed already: this is enough
 * time for a round trip, but not for the server to look at a file.
 */
const STALE_WITHIN_MS = 250;
/** Stale connections that one request may meet in a row. */
const MAX_STALE = 20;

/**
 * The connections of one run to the API: kept alive and reused within the run, shared with nothing
 * else, and closed with it. It follows the proxy variables as n8n does, never follows a redirect, and
 * always verifies certificates. Only the caller's signal limits the wait for a response.
 */
export class Transport implements Sender {
	private readonly connections: Connections;
	private readonly retired: Dispatcher[] = [];
	private proxy: Proxy | undefined;
	private opened: Dispatcher | undefined;
	private hasWorked = false;

	/** @param baseUrl without a trailing slash */
	constructor(
		private readonly baseUrl: string,
		private readonly tls: TlsIdentity,
		private readonly egress?: EgressFilter,
	) {
		this.connections = new Connections(egress);
	}

	get route(): Sender['route'] {
		return { host: new URL(this.baseUrl).host, proxy: this.proxy?.url.host };
	}

	async send(request: HttpRequest | UploadRequest): Promise<HttpResponse> {
		const { body, signal } = request;
		for (let stale = 0; ; stale++) {
			try {
				if (this.egress) await unlessAborted(this.egress.check(this.baseUrl), signal);
				return await this.sendOnce(request);
			} catch (error) {
				if (signal.aborted) throw signal.reason;
				// A stream is used up. The caller has to make a new one.
				const canRepeat = typeof body !== 'object' && stale < MAX_STALE;
				if (error instanceof StaleConnectionError && canRepeat) continue;
				if (error instanceof ClientError) throw error;
				const role = this.connections.originOf(error)?.role ?? 'server';
				const route = { ...this.route, role, hasWorked: this.hasWorked };
				throw new ClientError(failureOfNetwork(error, route));
			}
		}
	}

	/** Makes all further requests use new connections. Requests under way keep theirs. */
	renew(): void {
		const { opened } = this;
		if (!opened) return;
		// Closes as soon as no request is under way on it.
		opened.close().catch(() => {});
		this.retired.push(opened);
		this.opened = undefined;
	}

	async close(): Promise<void> {
		await Promise.all([this.opened, ...this.retired].map(async (each) => await each?.destroy()));
		this.connections.destroy();
	}

	private async sendOnce({
		method,
		path,
		headers,
		body,
		signal,
	}: HttpRequest | UploadRequest): Promise<HttpResponse> {
		const stream = typeof body === 'object' ? new StartedStream(body.chunks) : undefined;
		const start = performance.now();
		let response: Dispatcher.ResponseData;
		try {
			const responding = request(`${this.baseUrl}${path}`, {
				method,
				dispatcher: (this.opened ??= this.open()),
				signal,
				headers: {
					...headers,
					'user-agent': `n8n-nodes-bitmind/${VERSION}`,
					'accept-encoding': 'identity',
					...(typeof body === 'object' && { 'content-length': String(body.contentLength) }),
				},
				body: (stream ?? body) as never,
			});
			// undici ignores the signal until it has a connection.
			response = await unlessAborted(responding, signal);
		} catch (error) {
			const startedAt = (stream ? stream.startedAt : start) ?? Infinity;
			// Stale: it served an earlier request and returned no byte to this one.
			const { lastReadAt = Infinity } = this.connections.originOf(error) ?? {};
			const isQuick = performance.now() - startedAt < STALE_WITHIN_MS;
			if (lastReadAt >= startedAt || !isQuick || signal.aborted) throw error;
			throw new StaleConnectionError({ kind: 'connectionLost', code: 'closed before' });
		}
		this.hasWorked = true;
		return await readResponse(response, signal);
	}

	/** @throws ClientError if the proxy's address can't be used */
	private open(): Dispatcher {
		const { tls, connections, egress } = this;
		const common = {
			timeout: CONNECT_TIMEOUT_MS,
			// NODE_TLS_REJECT_UNAUTHORIZED=0 must not expose credentials to whoever intercepts them.
			rejectUnauthorized: true,
			...(egress && { lookup: egress.lookup }),
		};
		const toServer = { ...tls, ...common };
		const pool = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES };
		this.proxy = proxyFor(this.baseUrl, process.env);
		if (!this.proxy) {
			const { origin } = new URL(this.baseUrl);
			return new Pool(origin, { ...pool, connect: connections.connector(toServer, 'server') });
		}
		const { url, authorization } = this.proxy;
		return new ProxyAgent({
			uri: url.href,
			...(authorization && { token: authorization }),
			requestTls: toServer,
			proxyTls: { ...common, ...(tls.ca && { ca: tls.ca }) },
			...pool,
			factory: (origin, { connect, ...rest }: Pool.Options) => {
				return new Pool(origin, { ...rest, connect: connections.connector(connect, 'server') });
			},
			clientFactory: (origin, { connect }: Pool.Options) => {
				return new Pool(origin, { connect: connections.connector(connect, 'proxy') });
			},
		});
	}
}

/** A body that notes when its first byte was read, which is when its connection was ready. */
class StartedStream implements AsyncIterable<Buffer> {
	startedAt: number | undefined;

	constructor(private readonly chunks: AsyncIterable<Buffer>) {}

	[Symbol.asyncIterator](): AsyncIterator<Buffer> {
		this.startedAt = performance.now();
		return this.chunks[Symbol.asyncIterator]();
	}
}

async function readResponse(
	{ statusCode, headers, body }: Dispatcher.ResponseData,
	signal: AbortSignal,
): Promise<HttpResponse> {
	const isRefusal = statusCode < 200 || statusCode >= 300;
	const limit = isRefusal ? MAX_REFUSAL_BYTES : MAX_RESPONSE_BYTES;
	const patience = isRefusal
		? setTimeout(() => body.destroy(), REFUSAL_BODY_TIMEOUT_MS)
		: undefined;
	const incoming: AsyncIterable<Buffer> = body;
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of incoming) {
			chunks.push(chunk);
			length += chunk.length;
			if (length > limit) break;
		}
	} catch (error) {
		// A refusal's status is enough even if its body is lost. Verdicts need the whole body.
		const isOver = signal.aborted && !failureOf(signal.reason);
		if (isOver || !isRefusal) throw error;
	} finally {
		clearTimeout(patience);
	}
	const bytes = Buffer.concat(chunks, Math.min(length, limit));
	const all = joined(headers);
	const decoded = await decodeContent(bytes, all['content-encoding'], limit);
	return {
		status: statusCode,
		contentType: all['content-type'] ?? '',
		headers: all,
		text: decoded.toString('utf8'),
	};
}

/** Headers that occur several times are joined with commas (RFC 9110, 5.3). */
function joined(headers: Dispatcher.ResponseData['headers']): HttpResponse['headers'] {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name.toLowerCase(),
			Array.isArray(value) ? value.join(', ') : value,
		]),
	);
}
