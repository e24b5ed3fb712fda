import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** How long to wait for the response of a server that stopped reading. */
const GRACE_MS = 1_000;

/**
 * A server may refuse an upload before its end and close the connection. The next write then fails
 * (EPIPE, ECONNRESET) although the response, a 401 or a 413, is already in the receive buffer. Node
 * reports the failed write first and drops the response. This connector delays the report of a failed
 * write until the response has been read.
 *
 * With TLS 1.3, a server that misses the client certificate sends an alert after the handshake and
 * closes the connection. undici reports only the close; with this connector it reports the alert.
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
