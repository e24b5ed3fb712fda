import type { Emulator } from '../../support/emulator';
import { nameOf, PLATFORMS } from '../hosts';
import { Installation } from '../installation';
import type { Row } from '../row';
import { tryNetwork, type Network } from './tryNetwork';

const withCa = ({ certificates }: Emulator) => ({ caCertificate: certificates.ca });
const withClientCertificate = (emulator: Emulator) => {
	const { certificate, encryptedKey, passphrase } = emulator.certificates.client;
	return {
		...withCa(emulator),
		useClientCertificate: true,
		clientCertificate: certificate,
		clientKey: encryptedKey,
		passphrase,
	};
};

const NETWORKS: Network[] = [
	{ name: 'IPv6 loopback', emulator: { host: '::1' } },
	{ name: 'CA of the credential', emulator: { tls: true }, form: withCa },
	{
		name: 'no CA',
		emulator: { tls: true },
		message: /^No secure connection to \S+: the server's certificate comes from an authority/,
	},
	{
		name: 'NODE_EXTRA_CA_CERTS',
		emulator: { tls: true },
		env: (_, extraCa) => ({ NODE_EXTRA_CA_CERTS: extraCa }),
	},
	{ name: 'TLS 1.2 alone', emulator: { tls: true, tlsVersion: 'TLSv1.2' }, form: withCa },
	{ name: 'TLS 1.3 alone', emulator: { tls: true, tlsVersion: 'TLSv1.3' }, form: withCa },
	{
		name: 'HTTPS_PROXY with a password',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url() }),
		isProxied: true,
	},
	{
		name: 'https_proxy in small letters',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ https_proxy: proxy.url() }),
		isProxied: true,
	},
	{
		name: 'HTTP_PROXY for http',
		env: (proxy) => ({ HTTP_PROXY: proxy.url() }),
		isProxied: true,
	},
	{
		name: 'HTTPS_PROXY with a wrong password',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url('wrong') }),
		message: /^The proxy \S+ did not let the connection through \(status 407\)/,
		check: ({ connections }) => (connections === 0 ? undefined : 'no way past the proxy'),
	},
	{
		name: 'NO_PROXY',
		emulator: { tls: true },
		form: withCa,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url(), NO_PROXY: '127.0.0.1,localhost' }),
	},
	{
		name: 'mTLS handshake through HTTPS_PROXY',
		emulator: { clientCertificate: 'both', refuseInHandshake: true },
		form: withClientCertificate,
		env: (proxy) => ({ HTTPS_PROXY: proxy.url() }),
		isProxied: true,
		check: ({ batchRequests }) =>
			batchRequests.every(({ handshakeCertificate }) => handshakeCertificate === 'registered')
				? undefined
				: 'the certificate in the handshake',
	},
	{
		name: 'token through HTTPS_PROXY',
		emulator: { tls: true },
		form: (emulator) => ({
			...withCa(emulator),
			authentication: 'oAuth2',
			clientId: emulator.client.id,
			clientSecret: emulator.client.secret,
		}),
		env: (proxy) => ({ HTTPS_PROXY: proxy.url() }),
		isProxied: true,
		check: ({ requests }) =>
			requests.some(({ path }) => path === '/v1/oauth/token') ? undefined : 'a token request',
	},
];

/** Each in its own process, because Node reads much of this only once. */
export async function* networks(): AsyncGenerator<Row> {
	for (const platform of PLATFORMS) {
		const installation = await Installation.start(platform);
		try {
			for (const network of NETWORKS) {
				yield await tryNetwork(installation, network, nameOf(platform));
			}
		} finally {
			await installation.stop();
		}
	}
}
