import { ClientError } from '../model/failures';
import { unlessAborted } from '../timing/abort';
import { failureOfNetwork } from './networkFailures';
import type { HttpRequest, HttpResponse, Sender } from './sender';

/**
 * One request over the connections of the program that this client runs in.
 *
 * @throws EgressRefusal if that program lets no request go there, or else what its network did
 */
export type HostSend = (request: HttpRequest) => Promise<HttpResponse>;

/** In place of a `Transport`, if the program that this client runs in has no `EgressFilter` to give. */
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
