import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { closeServer, Connections, listen, urlOf } from './connections';
import { RawConnection } from './rawConnection';

export interface RawServerOptions {
	host?: '127.0.0.1' | '::1';
	tls?: TlsOptions;
}

export interface RawServer {
	url: string;
	port: number;
	/** All connections so far, in the order in which they were opened. */
	connections: readonly RawConnection[];
	close(): Promise<void>;
}

/**
 * A server of which a script sends every byte, for responses that `node:http` would never send. The script
 * runs once per connection, and `index` counts these from 0. After it returns, the connection stays open.
 */
export async function startRawServer(
	script: (connection: RawConnection, index: number) => Promise<void> | void,
	{ host = '127.0.0.1', tls }: RawServerOptions = {},
): Promise<RawServer> {
	const connections: RawConnection[] = [];
	const server = tls
		? createTlsServer({ allowHalfOpen: true, ...tls })
		: createTcpServer({ allowHalfOpen: true });
	const sockets = new Connections(server);
	server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
		socket.on('error', () => {});
		const connection = new RawConnection(socket, sockets.of(socket));
		const index = connections.push(connection) - 1;
		void run(async () => script(connection, index), connection);
	});
	const port = await listen(server, host);
	return {
		url: urlOf(tls !== undefined, host, port),
		port,
		connections,
		close: () => closeServer(server, sockets),
	};
}

/** A script fails if its client closes the connection. The test decides what that means. */
async function run(script: () => Promise<void>, connection: RawConnection): Promise<void> {
	try {
		await script();
	} catch (error) {
		connection.failure = error;
		connection.destroy();
	}
}
