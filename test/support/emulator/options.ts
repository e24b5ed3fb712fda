import type { Certificates } from './endpoints/certificates';
import { asksInHandshake, type CertificateDemand } from './endpoints/clientCertificate';
import type { OAuthClient } from './endpoints/oauth';
import type { RecordedRequest } from './http/recordedRequest';
import type { Verify } from './http/multipart';

export interface EmulatorOptions {
	host?: '127.0.0.1' | '127.0.0.2' | '::1';
	/** Default: a free one. */
	port?: number;
	tls?: boolean;
	/** The one version that it speaks. Default: whatever Node speaks. */
	tlsVersion?: 'TLSv1.2' | 'TLSv1.3';
	apiKey?: string;
	client?: OAuthClient;
	/** One more, with a secret and no certificate. */
	otherClient?: OAuthClient;
	/** Default: made once per process. `client` is the registered client certificate. */
	certificates?: Certificates;
	/** Where every authenticated request must show it. All but `none` and `header` imply `tls`. */
	clientCertificate?: CertificateDemand;
	/** Without a trusted client certificate the TLS handshake itself fails, in place of a 403. */
	refuseInHandshake?: boolean;
	tokenExpiresInSeconds?: number;
	/** The clock that tokens are issued by is ahead by so much: they are not valid before. */
	tokenValidAfterMs?: number;
	permissions?: readonly string[];
	/** 413 before the body is read, by its Content-Length. */
	maxRequestBytes?: number;
	/** 401 and 403 for a batch before its body is read, the connection closed, as a gateway does. */
	refuseEarly?: boolean;
	/** For good answers of the batch endpoints: this, and so much more for each file. */
	latencyMs?: number;
	latencyPerFileMs?: number;
	/** Answers in an order of their own, which `seed` decides. */
	shuffle?: boolean;
	seed?: number;
	verify?: Verify;
	/** Milliseconds, as Date.now: for tokens and the recorded times. */
	now?: () => number;
	/** Hears of each request when it is over. */
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
