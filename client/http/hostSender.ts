import { ClientError } from '../model/failures';
import { unlessAborted } from '../timing/abort';
import { failureOfNetwork } from './networkFailures';
import type { HttpRequest, HttpResponse, Sender } from './sender';

/**
 * Sends one request over the host program's own connections.
 *
 * @throws EgressRefusal if the host program doesn't allow the address; otherwise the network's error
 */
export type HostSend = (request: HttpRequest) => Promise<HttpResponse>;

/** Replaces `Transport` if the host program protects its network but provides no `EgressFilter`. */
export class HostSender implements Sender {
	readonly route: Sender['route'];

	constructor(
		baseUrl: string,
		private readonly hostSend: HostSend,
	) {
		this.route = { host: new URL(baseUrl).host, proxy: undefined };
	}

	async send(request: HttpRequest): Promise<HttpResponse> {
		const { signal } = request;
		try {
			return await unlessAborted(this.hostSend(request), signal);
		} catch (error) {
			if (signal.aborted) throw signal.reason;
			const route = { ...this.route, role: 'server', hasWorked: false } as const;
			throw new ClientError(failureOfNetwork(error, route));
		}
	}

	async close(): Promise<void> {}
}
