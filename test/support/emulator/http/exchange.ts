import { STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAtMost } from './pacedReading';
import type { RecordedRequest } from './recordedRequest';
import type { Refusal } from '../endpoints/refusal';

/** How long the rest of an upload is read and thrown away after an early answer (nginx: 5 s). */
const LINGER_MS = 2_000;

/**
 * `lingering` closes as nginx does: the answer, the end of our side, then the rest of the upload is
 * read for a while. `abrupt` destroys the socket behind the answer; what the client has sent by then
 * makes the kernel send a reset, which may overtake the answer.
 */
export type EarlyEnd = 'lingering' | 'abrupt';

export interface Answer {
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
		private readonly response: ServerResponse,
		readonly record: RecordedRequest,
		private readonly context: ExchangeContext,
	) {
		response.once('close', () => {
			record.aborted = !this.endedHere && !response.writableFinished;
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

	/** Rejects when the connection is closed meanwhile. */
	async wait(ms: number): Promise<void> {
		if (ms > 0) await sleep(ms, undefined, { signal: this.closing.signal });
	}

	/** Reads this much of the body, or all of it if there is less. */
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

	send(answer: Answer): void {
		if (!this.isOpen) return;
		this.record.status = answer.status;
		this.context.onOver();
		this.response.writeHead(answer.status, lengthened(answer)).end(answer.body);
	}

	/** Announces the whole answer, sends half of it and closes the connection. */
	sendHalf(answer: Answer): void {
		if (!this.isOpen) return;
		this.record.status = answer.status;
		this.endedHere = true;
		const whole = Buffer.from(answer.body);
		this.response.writeHead(answer.status, lengthened(answer));
		this.response.write(whole.subarray(0, whole.length / 2), () => this.request.socket.destroy());
	}

	/** Past Node's own response, which would reset the connection or not as timing has it. */
	sendEarly(answer: Answer, end: EarlyEnd): void {
		if (!this.isOpen) return;
		this.record.status = answer.status;
		this.endedHere = true;
		const { socket } = this.request;
		const bytes = Buffer.concat([rawHead(answer), Buffer.from(answer.body)]);
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
		const answer = jsonAnswer(refusal.status, refusal.json);
		if (refusal.early) {
			this.sendEarly(answer, 'lingering');
			return;
		}
		await this.drain();
		this.send(answer);
	}

	reset(): void {
		this.endedHere = true;
		this.context.tcpSocket.resetAndDestroy();
	}
}

export function jsonAnswer(status: number, value: unknown): Answer {
	const headers = { 'Content-Type': 'application/json' };
	return { status, body: JSON.stringify(value), headers };
}

export function htmlAnswer(status: number, body: string): Answer {
	return { status, body, headers: { 'Content-Type': 'text/html; charset=utf-8' } };
}

function lengthened({ headers, body }: Answer): OutgoingHttpHeaders {
	return { ...headers, 'Content-Length': Buffer.byteLength(body) };
}

function rawHead(answer: Answer): Buffer {
	const headers = { ...lengthened(answer), Connection: 'close' };
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
	const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`;
	return Buffer.from(`${[statusLine, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
}
