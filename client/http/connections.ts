import type { Socket } from 'node:net';
import { isNativeError } from 'node:util/types';
import { buildConnector } from 'undici';
import type { EgressFilter } from './egress';
import { readBeforeWriteError } from './workarounds/earlyResponse';
import { dropInterimResponses } from './workarounds/interimResponses';

type Options = buildConnector.BuildOptions | buildConnector.connector | undefined;

/** What a connection leads to. */
export type Role = 'server' | 'proxy';

/** What is known about the connection on which a request failed. */
interface Origin {
	/** `proxy`: the connection to the proxy failed, or the tunnel through it could not be opened. */
	role: Role;
	/** When its last byte arrived, by `performance.now()`; undefined for a new connection. */
	lastReadAt: number | undefined;
}

/** All sockets of a run, including those that are still connecting, which undici doesn't close. */
export class Connections {
	private readonly sockets = new Set<Socket>();
	private readonly lastReads = new WeakMap<Socket, number>();
	private readonly origins = new WeakMap<Error, Origin>();

	/** @param egress checks each host before a connection to it is made */
	constructor(private readonly egress: EgressFilter | undefined) {}

	/** A connector whose sockets and errors are recorded here. */
	connector(options: Options, role: Role): buildConnector.connector {
		const given = typeof options === 'function' ? options : buildConnector(options);
		const connect = readBeforeWriteError(given) as (
			...parameters: Parameters<buildConnector.connector>
		) => Socket | Promise<void> | undefined;
		return (target, callback) => {
			const refusal = this.egress?.checkHost(target.hostname);
			if (refusal) {
				callback(refusal, null);
				return;
			}
			const socket = connect(target, (...result) => {
				const [error, connected] = result;
				if (error) this.note(error, { role, lastReadAt: undefined });
				if (connected) this.watch(connected, role);
				callback(...result);
			});
			// A tunnel's connector returns no socket: the one to the proxy was recorded already.
			if (socket && 'destroy' in socket) this.add(socket);
		};
	}

	/** The connection that an error came from, if any. */
	originOf(error: unknown): Origin | undefined {
		// Not `instanceof`: Node's own errors may come from another realm, as they do under jest.
		return isNativeError(error) ? this.origins.get(error) : undefined;
	}

	destroy(): void {
		// With an error, because nothing else ends undici's wait for a connection.
		for (const socket of this.sockets) socket.destroy(new Error('the run has ended'));
	}

	private watch(socket: Socket, role: Role): void {
		dropInterimResponses(socket);
		const read = socket.read.bind(socket);
		socket.read = (size?: number): unknown => {
			const chunk: unknown = read(size);
			if (chunk !== null) this.lastReads.set(socket, performance.now());
			return chunk;
		};
		socket.prependListener('error', (error) => {
			this.note(error, { role, lastReadAt: this.lastReads.get(socket) });
		});
	}

	/** The first origin counts: an error of the proxy connection also passes through the tunnel's. */
	private note(error: Error, origin: Origin): void {
		if (!this.origins.has(error)) this.origins.set(error, origin);
	}

	private add(socket: Socket): void {
		this.sockets.add(socket);
		socket.on('error', () => {});
		socket.once('close', () => this.sockets.delete(socket));
	}
}
