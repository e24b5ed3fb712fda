import { isNativeError } from 'node:util/types';
import type { Failure } from '../model/failures';

/** Node's and OpenSSL's codes for a handshake without trust: repeating would not change them. */
const TLS_CODE =
	/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|ERROR_IN_C|PATH_LENGTH_|AKID_|KEYUSAGE_|SUBJECT_ISSUER_|CRL_|(EE|CA)_(KEY|MD)_|EPROTO$)/;

/** A record was damaged on its way, or the server had a trouble of its own. */
const PASSING_TLS_CODE = /ALERT_INTERNAL_ERROR|BAD_RECORD_MAC|DECRYPTION_FAILED/;

/** Where a connection had been trusted before, these say that this one broke. */
const BROKEN_TLS_CODE = /^(ERR_SSL_(?!.*CERTIFICATE)|EPROTO$)/;

/** The other side does not speak TLS at all. */
const NO_TLS_CODES = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

/** No connection came about. */
const UNREACHABLE_CODES = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
	'ETIMEDOUT',
	'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What an error of undici or Node's network layer means.
 *
 * @param hasWorked whether the server has answered before, in this run
 */
export function failureOfNetwork(error: unknown, url: string, hasWorked = false): Failure {
	const host = new URL(url).host;
	const code = codeOf(error);
	const proxyStatus = proxyStatusOf(error);
	if (proxyStatus !== undefined) return { kind: 'proxy', status: proxyStatus, detail: host };
	if (PASSING_TLS_CODE.test(code) || (hasWorked && BROKEN_TLS_CODE.test(code))) {
		return { kind: 'connectionLost', detail: code };
	}
	if (NO_TLS_CODES.has(code)) return { kind: 'wrongAddress', detail: code };
	if (TLS_CODE.test(code)) return { kind: 'tls', detail: code };
	if (UNREACHABLE_CODES.has(code)) return { kind: 'unreachable', detail: `${host} (${code})` };
	return { kind: 'connectionLost', detail: code };
}

/** The first code in an error, its causes, and what an attempt at several addresses collects. */
function codeOf(error: unknown): string {
	// Not `instanceof`: Node's own errors may come from another realm, as they do under jest.
	for (let each = error, depth = 0; isNativeError(each) && depth < 5; depth++) {
		const { code } = each as NodeJS.ErrnoException;
		if (typeof code === 'string' && code !== 'UND_ERR_SOCKET') return code;
		each = 'errors' in each && Array.isArray(each.errors) ? each.errors[0] : each.cause;
	}
	return 'connection closed';
}

/** undici says only in words that a proxy refused the tunnel. */
function proxyStatusOf(error: unknown): number | undefined {
	const status = /^Proxy response \((\d{3})\)/.exec(error instanceof Error ? error.message : '');
	return status ? Number(status[1]) : undefined;
}
