import type { Socket } from 'node:net';

export interface RawRequestHead {
	requestLine: string;
	/** Names in lower case. */
	headers: Record<string, string>;
	contentLength: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** One connection of the raw server. Nothing is read from the socket but what is asked for. */
export class RawConnection {
	bytesRead = 0;
	/** What the script threw, such as the client's early leaving. */
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

	/** Reads on until the blank line; what came behind it stays for `readBytes` and `readBody`. */
	async readHead(): Promise<RawRequestHead> {
		let end: number;
		while ((end = this.unread.indexOf(HEAD_END)) < 0) {
			this.unread = Buffer.concat([this.unread, await this.nextChunk()]);
		}
		const head = this.take(end + HEAD_END.length).toString('latin1');
		return (this.head = parseHead(head));
	}

	/** Keeps nothing: bodies may be large. */
	async readBytes(count: number): Promise<void> {
		let left = count - this.take(count).length;
		while (left > 0) {
			const chunk = await this.nextChunk();
			if (chunk.length > left) this.unread = chunk.subarray(left);
			this.bytesRead += Math.min(chunk.length, left);
			left -= chunk.length;
		}
	}

	/** The whole body by its Content-Length; reads the head first if that wasn't done. */
	async readBody(): Promise<void> {
		const { contentLength } = this.head ?? (await this.readHead());
		this.head = undefined;
		await this.readBytes(contentLength);
	}

	/** The body whose head was read last, kept whole. */
	async readBodyBytes(): Promise<Buffer> {
		const { contentLength = 0 } = this.head ?? {};
		this.head = undefined;
		while (this.unread.length < contentLength) {
			this.unread = Buffer.concat([this.unread, await this.nextChunk()]);
		}
		return this.take(contentLength);
	}

	/** Resolves when the bytes are with the kernel. */
	async write(bytes: string | Buffer): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.socket.write(bytes, (error) => (error ? reject(error) : resolve()));
		});
	}

	/** A whole answer with its Content-Length; `headers` may say more, or otherwise. */
	async respond(statusLine: string, body = '', headers: Record<string, string> = {}) {
		const all = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
		const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
		await this.write(`${statusLine}\r\n${lines.join('')}\r\n${body}`);
	}

	/** Closes our side; the client may go on sending. */
	halfClose(): void {
		this.socket.end();
	}

	/** Closes both sides. With bytes unread the kernel makes a reset of it. */
	destroy(): void {
		this.socket.destroy();
	}

	/** RST, whatever was read. */
	reset(): void {
		this.tcpSocket.resetAndDestroy();
	}

	/** Ends when the connection does, reading nothing more. */
	async hang(): Promise<void> {
		if (this.socket.destroyed) return;
		await new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
	}

	/** Reads and forgets what comes until the client closes its side. */
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
