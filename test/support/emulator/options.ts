import type { Certificates } from './endpoints/certificates';
import { asksInHandshake, type CertificateDemand } from './endpoints/clientCertificate';
import type { OAuthClient } from './endpoints/oauth';
import type { RecordedRequest } from './http/recordedRequest';
import type { Verify } from './http/multipart';

export interface EmulatorOptions {
	host?: '127.0.0.1' | '127.0.0.2' | '::1';
	/** Default: any free port. */
	port?: number;
	tls?: boolean;
	/** The only TLS version that it accepts. Default: those of Node. */
	tlsVersion?: 'TLSv1.2' | 'TLSv1.3';
	apiKey?: string;
	client?: OAuthClient;
	/** Another client, with a secret but no certificate. */
	otherClient?: OAuthClient;
	/** Default: made once per process. `client` holds the registered client certificate. */
	certificates?: Certificates;
	/**
	 * Where each authenticated request must present the client certificate. All values except `none` and
	 * `header` imply `tls`.
	 */
	clientCertificate?: CertificateDemand;
	/** Without a trusted client certificate, the TLS handshake fails instead of the request with a 403. */
	refuseInHandshake?: boolean;
	tokenExpiresInSeconds?: number;
	/** Tokens become valid only after this time, as if the clock of their issuer were ahead. */
	tokenValidAfterMs?: number;
	permissions?: readonly string[];
	/** Requests with a larger Content-Length get a 413 before their body is read. */
	maxRequestBytes?: number;
	/** Sends a 401 or 403 before the body of a batch is read, and closes the connection, as a gateway does. */
	refuseEarly?: boolean;
	/** Time before a correct response to a batch. */
	latencyMs?: number;
	/** Added for each file. */
	latencyPerFileMs?: number;
	/** Sends the results in a random order, which depends on `seed`. */
	shuffle?: boolean;
	seed?: number;
	verify?: Verify;
	/** The clock of tokens and recorded times, as `Date.now`. */
	now?: () => number;
	/** Called when a request is over. */
	onRequest?: (request: RecordedRequest) => void;
}

type Optional = 'maxRequestBytes' | 'onRequest' | 'tlsVersion';

export type Settings = Required<Omit<EmulatorOptions, Optional>> & Pick<EmulatorOptions, Optional>;

export const DEFAULT_API_KEY = 'enterprise-emulator-6f1d0c9a7be24f53';
export const DEFAULT_CLIENT: OAuthClient = {
	id: 'emulator-client',
	secret: 'emulator-secret-92b7e1d4c05f4a68',
};
const DEFAULT_OTHER_CLIENT: OAuthClient = {
	id: 'emulator-other-client',
	secret: 'emulator-secret-5d20c8be91f7634a',
};
export const ALL_PERMISSIONS = ['image_inference', 'video_inference', 'batch_processing'] as const;

export function settingsOf(options: EmulatorOptions, certificates: Certificates): Settings {
	const clientCertificate = options.clientCertificate ?? 'none';
	return {
		host: '127.0.0.1',
		port: 0,
		apiKey: DEFAULT_API_KEY,
		client: DEFAULT_CLIENT,
		otherClient: DEFAULT_OTHER_CLIENT,
		refuseInHandshake: false,
		tokenExpiresInSeconds: 3600,
		tokenValidAfterMs: 0,
		permissions: ALL_PERMISSIONS,
		refuseEarly: false,
		latencyMs: 0,
		latencyPerFileMs: 0,
		shuffle: true,
		seed: 1,
		verify: 'sha256',
		now: Date.now,
		...options,
		clientCertificate,
		certificates,
		tls: options.tls ?? asksInHandshake(clientCertificate),
	};
}
