import type { Socket } from 'node:net';

export interface RawRequestHead {
	requestLine: string;
	/** Names in lower case. */
	headers: Record<string, string>;
	contentLength: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** One connection of the raw server. It reads only what the script asks for. */
export class RawConnection {
	bytesRead = 0;
	/** What the script threw, for example because the client closed the connection. */
	failure: unknown;
	private unread: Buffer = Buffer.alloc(0);
	private head: RawRequestHead | undefined;

	constructor(
		private readonly socket: Socket,
		private readonly tcpSocket: Socket,
	) {}

	get isClosed(): boolean {
		return this.socket.destroyed;
	}

	/** Reads up to the blank line. What came after it is left for `readBytes` and `readBody`. */
	async readHead(): Promise<RawRequestHead> {
		let end: number;
		while ((end = this.unread.indexOf(HEAD_END)) < 0) {
			this.unread = Buffer.concat([this.unread, await this.nextChunk()]);
		}
		const head = this.take(end + HEAD_END.length).toString('latin1');
		return (this.head = parseHead(head));
	}

	/** Keeps nothing, because bodies may be large. */
	async readBytes(count: number): Promise<void> {
		let left = count - this.take(count).length;
		while (left > 0) {
			const chunk = await this.nextChunk();
			if (chunk.length > left) this.unread = chunk.subarray(left);
			this.bytesRead += Math.min(chunk.length, left);
			left -= chunk.length;
		}
	}

	/** Reads the whole body, by its Content-Length, and first the head if necessary. */
	async readBody(): Promise<void> {
		const { contentLength } = this.head ?? (await this.readHead());
		this.head = undefined;
		await this.readBytes(contentLength);
	}

	/** Reads and returns the body that belongs to the last head. */
	async readBodyBytes(): Promise<Buffer> {
		const { contentLength = 0 } = this.head ?? {};
		this.head = undefined;
		while (this.unread.length < contentLength) {
			this.unread = Buffer.concat([this.unread, await this.nextChunk()]);
		}
		return this.take(contentLength);
	}

	/** Resolves when the kernel has the bytes. */
	async write(bytes: string | Buffer): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.socket.write(bytes, (error) => (error ? reject(error) : resolve()));
		});
	}

	/** Sends a whole response with its Content-Length. `headers` may add or replace headers. */
	async respond(statusLine: string, body = '', headers: Record<string, string> = {}) {
		const all = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
		const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
		await this.write(`${statusLine}\r\n${lines.join('')}\r\n${body}`);
	}

	/** Closes its own side. The client may continue to send. */
	halfClose(): void {
		this.socket.end();
	}

	/** Closes both sides. If bytes are unread, the kernel sends a reset. */
	destroy(): void {
		this.socket.destroy();
	}

	/** Sends a reset in any case. */
	reset(): void {
		this.tcpSocket.resetAndDestroy();
	}

	/** Waits until the connection is closed, and reads nothing more. */
	async hang(): Promise<void> {
		if (this.socket.destroyed) return;
		await new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
	}

	/** Reads and discards everything until the client closes its side. */
	async readToEnd(): Promise<void> {
		this.take(this.unread.length);
		for await (const chunk of this.socket.iterator({ destroyOnReturn: false })) {
			this.bytesRead += (chunk as Buffer).length;
		}
	}

	private take(count: number): Buffer {
		const taken = this.unread.subarray(0, count);
		this.unread = this.unread.subarray(taken.length);
		this.bytesRead += taken.length;
		return taken;
	}

	private async nextChunk(): Promise<Buffer> {
		for (;;) {
			const chunk = this.socket.read() as Buffer | null;
			if (chunk) return chunk;
			if (this.socket.destroyed || this.socket.readableEnded) {
				throw new Error('The client closed the connection');
			}
			await new Promise<void>((resolve) => {
				const wake = () => {
					for (const event of WAKING_EVENTS) this.socket.off(event, wake);
					resolve();
				};
				for (const event of WAKING_EVENTS) this.socket.once(event, wake);
			});
		}
	}
}

const WAKING_EVENTS = ['readable', 'end', 'close'] as const;

function parseHead(text: string): RawRequestHead {
	const [requestLine = '', ...lines] = text.trimEnd().split('\r\n');
	const headers = Object.fromEntries(
		lines.map((line) => {
			const colon = line.indexOf(':');
			return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
		}),
	);
	return { requestLine, headers, contentLength: Number(headers['content-length'] ?? 0) };
}
