import type { Server } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';

/** The TCP sockets of a server, also beneath TLS: to count, reset and close them. */
export class Connections {
	private readonly byRemotePort = new Map<number, Socket>();
	private readonly numbers = new WeakMap<Socket, number>();
	private count = 0;

	constructor(server: NetServer | Server, onConnection: () => void = () => {}) {
		server.on('connection', (socket: Socket) => {
			const port = socket.remotePort ?? 0;
			this.byRemotePort.set(port, socket);
			this.numbers.set(socket, ++this.count);
			// A reset by the client is nothing to report; without a listener it would end the process.
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

	/** The TCP socket of a connection that is known by its TLS socket, or is that socket itself. */
	of(socket: Socket): Socket {
		return this.byRemotePort.get(socket.remotePort ?? 0) ?? socket;
	}

	/** Counted from 1. A port is used again and again, a number is not. */
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
