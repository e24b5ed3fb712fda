import { createServer as createHttpServer, type Server } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { hashOfAuthorization } from './endpoints/authentication';
import { makeCertificates, type Certificates } from './endpoints/certificates';
import { asksInHandshake } from './endpoints/clientCertificate';
import { closeServer, Connections, listen, urlOf } from './http/connections';
import { Exchange } from './http/exchange';
import type { Fault, Misbehavior } from './faults/faults';
import type { OAuthClient } from './endpoints/oauth';
import { settingsOf, type EmulatorOptions, type Settings } from './options';
import type { RecordedRequest } from './http/recordedRequest';
import { Refusal } from './endpoints/refusal';
import { failureResponse, Router } from './router';
import { Traffic } from './http/traffic';

const DETECTION_PATHS = new Set(['/batch_image', '/batch_video', '/image', '/video']);
const BATCH_PATHS = new Set(['/batch_image', '/batch_video']);

/** Made once per process, because it takes 30 ms. */
let sharedCertificates: Promise<Certificates> | undefined;

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const certificates = options.certificates ?? (await (sharedCertificates ??= makeCertificates()));
	const settings = settingsOf(options, certificates);
	const server = createServer(settings);
	const emulator = new Emulator(server, settings);
	emulator.port = await listen(server, settings.host, settings.port);
	return emulator;
}

export class Emulator {
	port = 0;
	private readonly router: Router;
	private readonly traffic = new Traffic();
	private readonly sockets: Connections;
	private readonly unfinished = new Set<Promise<void>>();

	constructor(
		private readonly server: Server,
		private readonly settings: Settings,
	) {
		this.router = new Router(settings);
		this.sockets = new Connections(server, () => (this.traffic.connections += 1));
		server.on('request', (request, response) => void this.serve(request, response));
	}

	get url(): string {
		return urlOf(this.settings.tls, this.settings.host, this.port);
	}

	get apiKey(): string {
		return this.settings.apiKey;
	}

	get client(): OAuthClient {
		return this.settings.client;
	}

	get otherClient(): OAuthClient {
		return this.settings.otherClient;
	}

	get certificates(): Certificates {
		return this.settings.certificates;
	}

	/** All requests since the last reset, in the order in which they arrived. */
	get requests(): readonly RecordedRequest[] {
		return this.traffic.requests;
	}

	get batchRequests(): RecordedRequest[] {
		return this.traffic.requests.filter(({ path }) => BATCH_PATHS.has(path));
	}

	/** The number of detection requests without a response. */
	get inFlight(): number {
		return this.traffic.inFlight;
	}

	get maxInFlight(): number {
		return this.traffic.maxInFlight;
	}

	/** Connections opened since the last reset. */
	get connections(): number {
		return this.traffic.connections;
	}

	/**
	 * Connections that are open now. While a fault leaves a body unread, the emulator can't notice that
	 * the client has closed its side.
	 */
	get openConnections(): number {
		return this.sockets.open;
	}

	/** Makes batch requests misbehave, until it is called with undefined. */
	misbehave(misbehavior: Misbehavior | undefined): void {
		this.router.batchMisbehavior = misbehavior;
	}

	/**
	 * The same for any path, such as `/v1/oauth/token`. `fault` is called once per request, before its
	 * body.
	 */
	misbehaveAt(path: string, fault: (() => Fault | undefined) | undefined): void {
		if (fault) this.router.faultsAt.set(path, fault);
		else this.router.faultsAt.delete(path);
	}

	expireTokens(): void {
		this.router.tokens.expireAll();
	}

	/** Forgets the requests and all misbehavior. Tokens and connections stay. */
	reset(): void {
		this.traffic.reset();
		this.router.reset();
	}

	async close(): Promise<void> {
		await closeServer(this.server, this.sockets);
		// Node reports that the server is closed before it reports the responses that this interrupted.
		await Promise.all(this.unfinished);
	}

	private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const record = this.recordOf(request);
		const endFlight = this.traffic.begin(record, DETECTION_PATHS.has(record.path));
		const tcpSocket = this.sockets.of(request.socket);
		const exchange = new Exchange(request, response, record, { tcpSocket, onOver: endFlight });
		const closed = new Promise<void>((resolve) => response.once('close', resolve));
		const finished = closed.then(() => {
			record.finishedAt = this.settings.now();
			this.settings.onRequest?.(record);
			this.unfinished.delete(finished);
		});
		this.unfinished.add(finished);
		try {
			await this.router.serve(exchange).catch((error: unknown) => {
				if (error instanceof Refusal) return exchange.refuse(error);
				throw error;
			});
		} catch (error) {
			if (exchange.isOpen && !request.destroyed) exchange.send(failureResponse(error));
		}
	}

	private recordOf(request: IncomingMessage): RecordedRequest {
		const { headers, socket } = request;
		const length = headers['content-length'];
		return {
			method: request.method ?? '',
			path: (request.url ?? '').split('?', 1)[0] ?? '',
			startedAt: this.settings.now(),
			contentLength: length === undefined ? undefined : Number(length),
			files: [],
			authorization: this.router.authentication.kindOf(request),
			authorizationSha256: hashOfAuthorization(request),
			tokenClient: this.router.authentication.tokenClientOf(request),
			hasClientCertHeader: headers['x-client-cert'] !== undefined,
			handshakeCertificate: this.router.certificates.presentedBy(request),
			tlsVersion: socket instanceof TLSSocket ? (socket.getProtocol() ?? undefined) : undefined,
			remotePort: socket.remotePort ?? 0,
			connection: this.sockets.numberOf(socket),
			aborted: false,
		};
	}
}

function createServer(settings: Settings): Server {
	// Node's own timeouts would end requests that hang or are slow on purpose.
	const limits = { requestTimeout: 0, headersTimeout: 0 };
	if (!settings.tls) return createHttpServer(limits);
	const { certificates, clientCertificate, refuseInHandshake, tlsVersion } = settings;
	return createHttpsServer({
		...limits,
		minVersion: tlsVersion,
		maxVersion: tlsVersion,
		key: certificates.server.key,
		cert: certificates.server.certificate,
		ca: certificates.ca,
		requestCert: asksInHandshake(clientCertificate),
		// If false, a client without a certificate gets an HTTP status instead of a TLS alert.
		rejectUnauthorized: refuseInHandshake,
	});
}
