import { STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAtMost } from './pacedReading';
import type { RecordedRequest } from './recordedRequest';
import type { Refusal } from '../endpoints/refusal';

/** How long the rest of an upload is read and discarded after an early response (nginx: 5 s). */
const LINGER_MS = 2_000;

/**
 * How the connection is closed after an early response. `lingering` does it as nginx does: it ends its
 * own side and reads the rest of the upload for a while. `abrupt` destroys the socket, so that the kernel
 * sends a reset if the client has sent more, and this reset may overtake the response.
 */
export type EarlyEnd = 'lingering' | 'abrupt';

export interface HttpResponse {
	status: number;
	body: string | Buffer;
	headers: OutgoingHttpHeaders;
}

interface ExchangeContext {
	/** With TLS, the socket below it: only that one can be reset. */
	tcpSocket: Socket;
	/** Called when the request has ended, at least once. */
	onOver: () => void;
}

/** One request and its response, however that turns out. */
export class Exchange {
	private reader: Readable | undefined;
	private readonly closing = new AbortController();
	private endedHere = false;

	constructor(
		readonly request: IncomingMessage,
		private readonly serverResponse: ServerResponse,
		readonly record: RecordedRequest,
		private readonly context: ExchangeContext,
	) {
		serverResponse.once('close', () => {
			record.aborted = !this.endedHere && !serverResponse.writableFinished;
			this.closing.abort();
			this.context.onOver();
		});
	}

	get isOpen(): boolean {
		return !this.closing.signal.aborted;
	}

	get body(): Readable {
		return (this.reader ??= this.request);
	}

	slowDown(bytesPerSecond: number): void {
		this.reader = readAtMost(bytesPerSecond, this.request);
	}

	/** Rejects if the connection is closed meanwhile. */
	async wait(ms: number): Promise<void> {
		if (ms > 0) await sleep(ms, undefined, { signal: this.closing.signal });
	}

	/** Reads this much of the body, or all of it if it is shorter. */
	async receive(bytes: number): Promise<void> {
		if (bytes <= 0) return;
		let received = 0;
		for await (const chunk of this.body.iterator({ destroyOnReturn: false })) {
			received += (chunk as Buffer).length;
			if (received >= bytes) return;
		}
	}

	async drain(): Promise<void> {
		if (this.body.readableEnded) return;
		this.body.resume();
		await finished(this.body);
	}

	send(response: HttpResponse): void {
		if (!this.isOpen) return;
		this.record.status = response.status;
		this.context.onOver();
		this.serverResponse.writeHead(response.status, lengthened(response)).end(response.body);
	}

	/** Announces the whole response, sends half of it, and closes the connection. */
	sendHalf(response: HttpResponse): void {
		if (!this.isOpen) return;
		this.record.status = response.status;
		this.endedHere = true;
		const whole = Buffer.from(response.body);
		this.serverResponse.writeHead(response.status, lengthened(response));
		this.serverResponse.write(whole.subarray(0, whole.length / 2), () =>
			this.request.socket.destroy(),
		);
	}

	/** Writes to the socket: Node's own response would reset the connection or not, depending on the timing. */
	sendEarly(response: HttpResponse, end: EarlyEnd): void {
		if (!this.isOpen) return;
		this.record.status = response.status;
		this.endedHere = true;
		const { socket } = this.request;
		const bytes = Buffer.concat([rawHead(response), Buffer.from(response.body)]);
		if (end === 'abrupt') {
			socket.write(bytes, () => socket.destroy());
			return;
		}
		socket.end(bytes);
		this.request.resume();
		const timer = setTimeout(() => socket.destroy(), LINGER_MS);
		socket.once('close', () => clearTimeout(timer));
	}

	async refuse(refusal: Refusal): Promise<void> {
		this.record.refusal = refusal.message;
		const response = jsonResponse(refusal.status, refusal.json);
		if (refusal.early) {
			this.sendEarly(response, 'lingering');
			return;
		}
		await this.drain();
		this.send(response);
	}

	reset(): void {
		this.endedHere = true;
		this.context.tcpSocket.resetAndDestroy();
	}
}

export function jsonResponse(status: number, value: unknown): HttpResponse {
	const headers = { 'Content-Type': 'application/json' };
	return { status, body: JSON.stringify(value), headers };
}

export function htmlResponse(status: number, body: string): HttpResponse {
	return { status, body, headers: { 'Content-Type': 'text/html; charset=utf-8' } };
}

function lengthened({ headers, body }: HttpResponse): OutgoingHttpHeaders {
	return { ...headers, 'Content-Length': Buffer.byteLength(body) };
}

function rawHead(response: HttpResponse): Buffer {
	const headers = { ...lengthened(response), Connection: 'close' };
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
	const statusLine = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`;
	return Buffer.from(`${[statusLine, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
}
