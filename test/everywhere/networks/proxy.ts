import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

const PROXY_USER = 'proxy-user';
export const PROXY_PASSWORD = 'proxy-pass word';

/** An HTTP proxy with a password, which tunnels (CONNECT) and forwards. */
export class Proxy {
	/** The local ports of its connections to servers, by which a server recognizes the proxy. */
	readonly onwardPorts = new Set<number>();
	connections = 0;
	private readonly sockets = new Set<Socket>();

	private constructor(private readonly server: Server) {}

	static async start(): Promise<Proxy> {
		const server = createServer();
		const proxy = new Proxy(server);
		server.on('connection', (socket: Socket) => {
			proxy.connections++;
			proxy.keep(socket);
		});
		server.on('connect', (asked: IncomingMessage, socket: Socket) => proxy.tunnel(asked, socket));
		server.on('request', (asked: IncomingMessage, response) => {
			if (!proxy.mayPass(asked)) {
				response.writeHead(407, { 'Proxy-Authenticate': 'Basic' }).end();
				return;
			}
			const headers = { ...asked.headers, 'proxy-authorization': undefined };
			const onward = request(asked.url ?? '', { method: asked.method, headers }, (got) => {
				response.writeHead(got.statusCode ?? 502, got.headers);
				got.pipe(response);
			});
			onward.on('socket', (socket) => proxy.keepOnward(socket));
			onward.on('error', () => response.writeHead(502).end());
			asked.pipe(onward);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return proxy;
	}

	/** @param password to use a wrong one */
	url(password = PROXY_PASSWORD, host = '127.0.0.1'): string {
		const { port } = this.server.address() as AddressInfo;
		return `http://${PROXY_USER}:${encodeURIComponent(password)}@${host}:${port}`;
	}

	async stop(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private tunnel(asked: IncomingMessage, socket: Socket): void {
		if (!this.mayPass(asked)) {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		const { hostname, port } = new URL(`http://${asked.url}`);
		const onward = connect(Number(port), hostname.replace(/[[\]]/g, ''), () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			onward.pipe(socket).pipe(onward);
		});
		this.keepOnward(onward);
		onward.on('error', () => socket.destroy());
	}

	private mayPass({ headers }: IncomingMessage): boolean {
		const right = Buffer.from(`${PROXY_USER}:${PROXY_PASSWORD}`).toString('base64');
		return headers['proxy-authorization'] === `Basic ${right}`;
	}

	/** A plain request may reuse the connection of an earlier one. */
	private keepOnward(socket: Socket): void {
		if (this.sockets.has(socket)) return;
		this.keep(socket);
		socket.once('connect', () => this.onwardPorts.add(socket.localPort ?? 0));
	}

	private keep(socket: Socket): void {
		this.sockets.add(socket);
		socket.on('error', () => {});
		socket.once('close', () => this.sockets.delete(socket));
	}
}
