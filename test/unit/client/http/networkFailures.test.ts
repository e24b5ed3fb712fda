import { errors } from 'undici';
import { failureOfNetwork } from '../../../../client/http/networkFailures';

const URL_OF_API = 'https://api.example:8443/batch_image?secret=1';

function coded(code: string, message = 'x', extra: object = {}): Error {
	return Object.assign(new Error(message), { code, ...extra });
}

const kindOf = (error: unknown) => failureOfNetwork(error, URL_OF_API).kind;

it.each([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ETIMEDOUT',
	'UND_ERR_CONNECT_TIMEOUT',
])('%s: no connection came about, and the host is named', (code) => {
	expect(failureOfNetwork(coded(code), URL_OF_API)).toEqual({
		kind: 'unreachable',
		detail: `api.example:8443 (${code})`,
	});
});

it.each([
	'SELF_SIGNED_CERT_IN_CHAIN',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REVOKED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
	'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
	'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
	'EPROTO',
	'HOSTNAME_MISMATCH',
	'INVALID_CA',
	'INVALID_PURPOSE',
	'PATH_LENGTH_EXCEEDED',
	'EE_KEY_TOO_SMALL',
])('%s: no trust', (code) => {
	expect(failureOfNetwork(coded(code), URL_OF_API)).toEqual({ kind: 'tls', detail: code });
});

it.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'])(
	'%s: no https at this address',
	(code) => {
		const failure = failureOfNetwork(coded(code), URL_OF_API);
		expect(failure).toEqual({ kind: 'wrongAddress', detail: code });
	},
);

it.each([
	'ECONNRESET',
	'EPIPE',
	'HPE_INVALID_CONSTANT',
	'UND_ERR_HEADERS_OVERFLOW',
	'ECONNABORTED',
])('%s: the connection was lost', (code) => {
	expect(failureOfNetwork(coded(code), URL_OF_API)).toEqual({
		kind: 'connectionLost',
		detail: code,
	});
});

it('looks behind what wraps the reason', () => {
	expect(kindOf(new Error('fetch failed', { cause: coded('ENOTFOUND') }))).toBe('unreachable');
	const socket = new errors.SocketError('other side closed');
	expect(failureOfNetwork(socket, URL_OF_API).detail).toBe('connection closed');
	const withCause = Object.assign(new errors.SocketError('x'), { cause: coded('CERT_REVOKED') });
	expect(kindOf(withCause)).toBe('tls');
	const several = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
	expect(kindOf(several)).toBe('unreachable');
	expect(kindOf(Object.assign(several, { code: 'ECONNREFUSED' }))).toBe('unreachable');
});

it('ends with a cause that is its own', () => {
	const looped = new Error('x');
	looped.cause = looped;
	expect(kindOf(looped)).toBe('connectionLost');
});

it.each([
	['Proxy response (407) !== 200 when HTTP Tunneling', 407],
	['Proxy response (503) !== 200 when HTTP Tunneling', 503],
])('tells a refusing proxy: %s', (message, status) => {
	const error = coded('UND_ERR_ABORTED', message);
	expect(failureOfNetwork(error, URL_OF_API)).toEqual({
		kind: 'proxy',
		status,
		detail: 'api.example:8443',
	});
});

it.each([undefined, null, 'text', 7, {}, { code: 'ENOTFOUND' }])(
	'makes something of what is no error: %j',
	(thrown) => {
		expect(failureOfNetwork(thrown, URL_OF_API).detail).toBe('connection closed');
	},
);

it('quotes nothing of an error but its code', () => {
	const error = coded('ECONNRESET', 'Authorization: Bearer enterprise-1');
	expect(JSON.stringify(failureOfNetwork(error, URL_OF_API))).not.toMatch(/enterprise-1|secret/);
});

it.each([
	['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', 'connectionLost', 'connectionLost'],
	['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'connectionLost', 'connectionLost'],
	['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'connectionLost', 'connectionLost'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'wrongAddress', 'connectionLost'],
	['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tls', 'connectionLost'],
	['EPROTO', 'tls', 'connectionLost'],
	['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', 'tls'],
	['CERT_HAS_EXPIRED', 'tls', 'tls'],
])('bug: one broken TLS connection of a run that works ends no run: %s', (code, atFirst, later) => {
	expect(failureOfNetwork(coded(code), URL_OF_API).kind).toBe(atFirst);
	expect(failureOfNetwork(coded(code), URL_OF_API, true).kind).toBe(later);
});
