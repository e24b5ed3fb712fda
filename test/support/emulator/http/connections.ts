import type { Server } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';

/** Counts, resets and closes the TCP sockets of a server, also those below TLS. */
export class Connections {
	private readonly byRemotePort = new Map<number, Socket>();
	private readonly numbers = new WeakMap<Socket, number>();
	private count = 0;

	constructor(server: NetServer | Server, onConnection: () => void = () => {}) {
		server.on('connection', (socket: Socket) => {
			const port = socket.remotePort ?? 0;
			this.byRemotePort.set(port, socket);
			this.numbers.set(socket, ++this.count);
			// Without a listener, a reset by the client would end the process.
			socket.on('error', () => {});
			socket.once('close', () => {
				if (this.byRemotePort.get(port) === socket) this.byRemotePort.delete(port);
			});
			onConnection();
		});
	}

	get open(): number {
		return this.byRemotePort.size;
	}

	/** The TCP socket below a TLS socket, or the socket itself. */
	of(socket: Socket): Socket {
		return this.byRemotePort.get(socket.remotePort ?? 0) ?? socket;
	}

	/** Counts from 1. Unlike a port, a number is never reused. */
	numberOf(socket: Socket): number {
		return this.numbers.get(this.of(socket)) ?? 0;
	}

	destroyAll(): void {
		for (const socket of this.byRemotePort.values()) socket.destroy();
	}
}

export async function listen(server: NetServer | Server, host: string, port = 0): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('No TCP address');
	return address.port;
}

export async function closeServer(
	server: NetServer | Server,
	connections: Connections,
): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	connections.destroyAll();
	await closed;
}

export function urlOf(isTls: boolean, host: string, port: number): string {
	return `${isTls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
