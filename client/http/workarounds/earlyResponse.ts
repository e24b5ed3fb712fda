import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** How long the answer of a server that stopped reading may take to be read, in milliseconds. */
const GRACE_MS = 1_000;

/**
 * A server may refuse an upload before its end and close the connection: the next write then fails
 * (EPIPE, ECONNRESET) although the answer, a 401 or a 413, already lies in the receive buffer.
 * Node's sockets report the write first and throw the answer away. With this connector a failed
 * write is reported only when reading has had its turn.
 *
 * With TLS 1.3 a server that misses the client's certificate says so after the handshake, and closes
 * the connection. undici takes the end for the reason; with this connector it is the server's alert.
 */
export function readBeforeWriteError(connect: buildConnector.connector): buildConnector.connector {
	return (target, callback) =>
		connect(target, (...result) => {
			if (result[1]) {
				holdWriteErrors(result[1]);
				endWithAlert(result[1]);
			}
			callback(...result);
		});
}

function endWithAlert(socket: Socket): void {
	socket.prependListener('error', (error: NodeJS.ErrnoException) => {
		if (error.code?.startsWith('ERR_SSL_')) socket.destroy(error);
	});
}

type Done = (error?: NodeJS.ErrnoException | null) => void;

function holdWriteErrors(socket: Socket): void {
	const write = socket._write.bind(socket);
	const writev = socket._writev?.bind(socket);
	socket._write = (chunk, encoding, done) => write(chunk, encoding, held(socket, done));
	if (writev) socket._writev = (chunks, done) => writev(chunks, held(socket, done));
}

function held(socket: Socket, done: Done): Done {
	return (error) => {
		const code = error?.code;
		if (code !== 'EPIPE' && code !== 'ECONNRESET') return done(error);
		const timer = setTimeout(() => done(error), GRACE_MS);
		socket.once('close', () => clearTimeout(timer));
	};
}
