import type { IncomingMessage } from 'node:http';
import { sendHealth, sendStatus, sendToken } from './endpoints/accountEndpoints';
import { Authentication } from './endpoints/authentication';
import { detectBatch } from './endpoints/batchEndpoint';
import { ClientCertificateCheck } from './endpoints/clientCertificate';
import { htmlResponse, jsonResponse, type Exchange } from './http/exchange';
import { responseOf } from './faults/faultResponses';
import { runAfterBody, runBeforeBody } from './faults/faultRun';
import type { Fault, Misbehavior } from './faults/faults';
import { IMAGES, VIDEOS, type MediaKind } from './mediaKinds';
import { TokenIssuer } from './endpoints/oauth';
import type { Settings } from './options';
import { Refusal } from './endpoints/refusal';
import { detectImage, detectVideo } from './endpoints/singleEndpoints';

const FIRST_REQUEST_NUMBER = 1_000_000_000;
const NOT_FOUND_PAGE =
	'<!doctype html><html><head><title>404</title></head><body><h1>Not Found</h1></body></html>';

interface Route {
	method: 'GET' | 'POST';
	run(exchange: Exchange): Promise<void> | void;
}

/** Maps paths to endpoints, and keeps the state that outlives a request. */
export class Router {
	readonly tokens: TokenIssuer;
	readonly certificates: ClientCertificateCheck;
	readonly authentication: Authentication;
	batchMisbehavior: Misbehavior | undefined;
	readonly faultsAt = new Map<string, () => Fault | undefined>();
	private batches = 0;
	private requestIds = 0;
	private readonly routes = new Map<string, Route>([
		['/batch_image', { method: 'POST', run: (exchange) => this.detectBatch(IMAGES, exchange) }],
		['/batch_video', { method: 'POST', run: (exchange) => this.detectBatch(VIDEOS, exchange) }],
		['/image', { method: 'POST', run: (exchange) => this.detectImage(exchange) }],
		['/video', { method: 'POST', run: (exchange) => this.detectVideo(exchange) }],
		['/v1/oauth/token', { method: 'POST', run: (exchange) => this.sendToken(exchange) }],
		['/status', { method: 'GET', run: (exchange) => this.sendStatus(exchange) }],
		['/health', { method: 'GET', run: sendHealth }],
	]);

	constructor(private readonly settings: Settings) {
		const { client, otherClient, certificates, clientCertificate } = settings;
		const {
			tokenExpiresInSeconds: expiresInSeconds,
			tokenValidAfterMs: validAfterMs,
			now,
		} = settings;
		this.tokens = new TokenIssuer(client, otherClient, { validAfterMs, expiresInSeconds }, now);
		this.certificates = new ClientCertificateCheck(
			certificates.client.certificate,
			clientCertificate,
		);
		this.authentication = new Authentication(settings.apiKey, this.tokens, this.certificates);
	}

	async serve(exchange: Exchange): Promise<void> {
		const { method, path } = exchange.record;
		const fault = this.faultsAt.get(path)?.();
		if (fault && (await this.runFault(fault, exchange))) return;
		const route = this.routes.get(path);
		if (!route) {
			await exchange.drain();
			exchange.send(htmlResponse(404, NOT_FOUND_PAGE));
			return;
		}
		if (route.method !== method) throw new Refusal(405, 'Method Not Allowed');
		await route.run(exchange);
	}

	reset(): void {
		this.batches = 0;
		this.batchMisbehavior = undefined;
		this.faultsAt.clear();
	}

	/** Other endpoints than those for batches have no correct response to spoil, so only the fault is sent. */
	private async runFault(fault: Fault, exchange: Exchange): Promise<boolean> {
		if (await runBeforeBody(fault, exchange)) return true;
		const response = responseOf(fault);
		if (!response) return false;
		await exchange.drain();
		await runAfterBody(fault, exchange, response);
		return true;
	}

	private async detectBatch(kind: MediaKind, exchange: Exchange): Promise<void> {
		await detectBatch(kind, exchange, {
			settings: this.settings,
			index: this.batches++,
			misbehavior: this.batchMisbehavior,
			checkAccess: () => this.checkBatchAccess(exchange.request),
			newRequestId: (prefix) => this.newRequestId(prefix),
		});
	}

	private checkBatchAccess(request: IncomingMessage): void {
		try {
			this.authentication.check(request);
			if (!this.settings.permissions.includes('batch_processing')) {
				throw new Refusal(403, 'Permission denied: batch_processing');
			}
		} catch (error) {
			if (error instanceof Refusal) error.early = this.settings.refuseEarly;
			throw error;
		}
	}

	private async detectImage(exchange: Exchange): Promise<void> {
		this.authentication.check(exchange.request);
		await detectImage(exchange, this.settings.verify, this.newRequestId('img_'));
	}

	private async detectVideo(exchange: Exchange): Promise<void> {
		this.authentication.check(exchange.request);
		await detectVideo(exchange, this.settings.verify, this.newRequestId('vid_'));
	}

	private sendStatus(exchange: Exchange): void {
		this.authentication.check(exchange.request);
		sendStatus(exchange, this.settings.permissions, this.settings.now());
	}

	private async sendToken(exchange: Exchange): Promise<void> {
		this.certificates.check(exchange.request);
		await sendToken(exchange, this.tokens, () => this.certificates.checkHeader(exchange.request));
	}

	/** Never starts again, so that an ID stays unique after a reset. */
	private newRequestId(prefix: string): string {
		return `${prefix}${FIRST_REQUEST_NUMBER + this.requestIds++}`;
	}
}

/** For a bug in the emulator, or a test's misbehavior that threw an error. */
export function failureResponse(error: unknown) {
	const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return jsonResponse(500, { detail: `Emulator: ${detail}` });
}
