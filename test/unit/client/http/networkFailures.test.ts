import { errors } from 'undici';
import { EgressRefusal } from '../../../../client/http/egress';
import { failureOfNetwork, type Route } from '../../../../client/http/networkFailures';

const ROUTE: Route = {
	host: 'api.example:8443',
	proxy: undefined,
	role: 'server',
	hasWorked: false,
};
const BEHIND_PROXY: Route = { ...ROUTE, proxy: 'proxy:3128', role: 'proxy' };

function coded(code: string, message = 'x', extra: object = {}): Error {
	return Object.assign(new Error(message), { code, ...extra });
}

const kindOf = (error: unknown) => failureOfNetwork(error, ROUTE).kind;

it.each([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ETIMEDOUT',
	'UND_ERR_CONNECT_TIMEOUT',
])('%s: there was no connection, and the host is named', (code) => {
	expect(failureOfNetwork(coded(code), ROUTE)).toEqual({
		kind: 'unreachable',
		host: 'api.example:8443',
		code,
	});
});

it.each([
	['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
	['CERT_HAS_EXPIRED', 'expired'],
	['CERT_NOT_YET_VALID', 'notYetValid'],
	['CERT_REVOKED', 'other'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'otherName'],
	['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused'],
	['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'refused'],
	['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'other'],
	['EPROTO', 'other'],
	['HOSTNAME_MISMATCH', 'otherName'],
	['INVALID_CA', 'other'],
	['INVALID_PURPOSE', 'other'],
	['PATH_LENGTH_EXCEEDED', 'other'],
	['EE_KEY_TOO_SMALL', 'other'],
])('%s: a TLS problem (%s)', (code, problem) => {
	expect(failureOfNetwork(coded(code), ROUTE)).toEqual({
		kind: 'tls',
		problem,
		host: 'api.example:8443',
		code,
	});
});

it.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'])(
	'%s: the address has no HTTPS',
	(code) => {
		expect(failureOfNetwork(coded(code), ROUTE)).toEqual({ kind: 'wrongAddress', found: 'noTls' });
	},
);

it.each([
	'ECONNRESET',
	'EPIPE',
	'HPE_INVALID_CONSTANT',
	'UND_ERR_HEADERS_OVERFLOW',
	'ECONNABORTED',
])('%s: the connection was lost', (code) => {
	expect(failureOfNetwork(coded(code), ROUTE)).toEqual({ kind: 'connectionLost', code });
});

it('finds the cause inside wrapping errors', () => {
	expect(kindOf(new Error('fetch failed', { cause: coded('ENOTFOUND') }))).toBe('unreachable');
	const socket = new errors.SocketError('other side closed');
	expect(failureOfNetwork(socket, ROUTE)).toMatchObject({ code: 'connection closed' });
	const withCause = Object.assign(new errors.SocketError('x'), { cause: coded('CERT_REVOKED') });
	expect(kindOf(withCause)).toBe('tls');
	const several = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
	expect(kindOf(several)).toBe('unreachable');
	expect(kindOf(Object.assign(several, { code: 'ECONNREFUSED' }))).toBe('unreachable');
});

it('stops at an error that is its own cause', () => {
	const looped = new Error('x');
	looped.cause = looped;
	expect(kindOf(looped)).toBe('connectionLost');
});

it.each([
	['Proxy response (407) !== 200 when HTTP Tunneling', 407],
	['Proxy response (503) !== 200 when HTTP Tunneling', 503],
])('recognizes a refusing proxy: %s', (message, status) => {
	const error = coded('UND_ERR_ABORTED', message);
	expect(failureOfNetwork(error, { ...BEHIND_PROXY, role: 'server' })).toEqual({
		kind: 'proxy',
		problem: 'refused',
		status,
		proxy: 'proxy:3128',
	});
});

it.each([
	['ECONNREFUSED', 'unreachable'],
	['ENOTFOUND', 'unreachable'],
	['ECONNRESET', 'unreachable'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'noTls'],
	['CERT_HAS_EXPIRED', 'certificate'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
])('bug: blames the proxy if the connection to it fails: %s', (code, problem) => {
	expect(failureOfNetwork(coded(code), BEHIND_PROXY)).toEqual({
		kind: 'proxy',
		problem,
		proxy: 'proxy:3128',
		code,
	});
	// The same error at the other end of the tunnel is the server's.
	expect(failureOfNetwork(coded(code), { ...BEHIND_PROXY, role: 'server' }).kind).not.toBe('proxy');
});

it('recognizes a refusal by the egress filter inside any error', () => {
	const refusal = new EgressRefusal('10.0.0.1', 'restricted');
	const expected = { kind: 'egressRefused', host: '10.0.0.1', reason: 'restricted' };
	expect(failureOfNetwork(refusal, ROUTE)).toEqual(expected);
	expect(failureOfNetwork(new Error('x', { cause: refusal }), ROUTE)).toEqual(expected);
	expect(failureOfNetwork(refusal, BEHIND_PROXY)).toEqual(expected);
});

it.each([undefined, null, 'text', 7, {}, { code: 'ENOTFOUND' }])(
	"handles a value that isn't an error: %j",
	(thrown) => {
		expect(failureOfNetwork(thrown, ROUTE)).toMatchObject({ code: 'connection closed' });
	},
);

it('quotes only the code of an error', () => {
	const error = coded('ECONNRESET', 'Authorization: Bearer enterprise-1');
	expect(JSON.stringify(failureOfNetwork(error, ROUTE))).not.toMatch(/enterprise-1/);
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
])("bug: a single broken TLS connection doesn't end a working run: %s", (code, atFirst, later) => {
	expect(failureOfNetwork(coded(code), ROUTE).kind).toBe(atFirst);
	expect(failureOfNetwork(coded(code), { ...ROUTE, hasWorked: true }).kind).toBe(later);
});
