import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { dropContinueAnswers } from './workarounds/interimResponses';
import { readBeforeWriteError } from './workarounds/earlyResponse';

type Options = buildConnector.BuildOptions | buildConnector.connector | undefined;

/** All sockets of a run, those among them that are still connecting: undici lets go of these. */
export class Connections {
	private readonly sockets = new Set<Socket>();

	/** A connector whose sockets are known here. */
	connector(options: Options): buildConnector.connector {
		const given = typeof options === 'function' ? options : buildConnector(options);
		const connect = readBeforeWriteError(given) as (
			...parameters: Parameters<buildConnector.connector>
		) => Socket | Promise<void> | undefined;
		return (target, callback) => {
			const socket = connect(target, (...result) => {
				if (result[1]) dropContinueAnswers(result[1]);
				callback(...result);
			});
			// A tunnel's connector gives none: that of the connection to the proxy did.
			if (socket && 'destroy' in socket) this.add(socket);
		};
	}

	destroy(): void {
		// With an error, because undici's wait for a connection ends with nothing else.
		for (const socket of this.sockets) socket.destroy(new Error('the run has ended'));
	}

	private add(socket: Socket): void {
		this.sockets.add(socket);
		socket.on('error', () => {});
		socket.once('close', () => this.sockets.delete(socket));
	}
}
