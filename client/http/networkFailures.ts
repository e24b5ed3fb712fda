import { isNativeError } from 'node:util/types';
import type { Failure, TlsProblem } from '../model/failures';
import type { Role } from './connections';
import { EgressRefusal } from './egress';

/** Node's and OpenSSL's codes for a failed TLS handshake, which a retry wouldn't change. */
const TLS_CODE =
	/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|ERROR_IN_C|PATH_LENGTH_|AKID_|KEYUSAGE_|SUBJECT_ISSUER_|CRL_|(EE|CA)_(KEY|MD)_|EPROTO$)/;

/** A record was damaged in transit, or the server had an internal error. */
const TRANSIENT_TLS_CODE = /ALERT_INTERNAL_ERROR|BAD_RECORD_MAC|DECRYPTION_FAILED/;

/** If an earlier connection was trusted, these codes mean that this connection broke. */
const BROKEN_TLS_CODE = /^(ERR_SSL_(?!.*CERTIFICATE)|EPROTO$)/;

/** The other side doesn't speak TLS at all. */
const NO_TLS_CODES = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

const TLS_PROBLEMS: readonly (readonly [RegExp, TlsProblem])[] = [
	[/^CERT_HAS_EXPIRED$/, 'expired'],
	[/^CERT_NOT_YET_VALID$/, 'notYetValid'],
	[/ALTNAME_INVALID|HOSTNAME_MISMATCH/, 'otherName'],
	[/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED)/, 'untrusted'],
	[/ALERT|CERTIFICATE/, 'refused'],
];

/** No connection could be made. */
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

/** What is known about the route to the server. */
export interface Route {
	/** Host and port of the server, and of the proxy if there is one. */
	host: string;
	proxy: string | undefined;
	/** Which of the two the failed connection went to. */
	role: Role;
	/** The server has responded earlier in this run. */
	hasWorked: boolean;
}

/** Translates an error of undici or of Node's network layer. */
export function failureOfNetwork(error: unknown, route: Route): Failure {
	const { host, proxy, role, hasWorked } = route;
	const refusal = egressRefusalOf(error);
	if (refusal) return { kind: 'egressRefused', host: refusal.host, reason: refusal.reason };
	const status = proxyStatusOf(error);
	if (status !== undefined) return { kind: 'proxy', problem: 'refused', status, proxy };
	const code = codeOf(error);
	if (role === 'proxy' && proxy) return failureOfProxy(code, proxy);
	if (TRANSIENT_TLS_CODE.test(code) || (hasWorked && BROKEN_TLS_CODE.test(code))) {
		return { kind: 'connectionLost', code };
	}
	if (NO_TLS_CODES.has(code)) return { kind: 'wrongAddress', found: 'noTls' };
	if (TLS_CODE.test(code)) return { kind: 'tls', problem: tlsProblem(code), host, code };
	if (UNREACHABLE_CODES.has(code)) return { kind: 'unreachable', host, code };
	return { kind: 'connectionLost', code };
}

function failureOfProxy(code: string, proxy: string): Failure {
	if (NO_TLS_CODES.has(code)) return { kind: 'proxy', problem: 'noTls', proxy, code };
	const problem = TLS_CODE.test(code) ? 'certificate' : 'unreachable';
	return { kind: 'proxy', problem, proxy, code };
}

function tlsProblem(code: string): TlsProblem {
	return TLS_PROBLEMS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

/** The first code in an error, its causes, and the errors of an `AggregateError`. */
function codeOf(error: unknown): string {
	for (const each of chain(error)) {
		const code = 'code' in each && each.code;
		if (typeof code === 'string' && code !== 'UND_ERR_SOCKET') return code;
	}
	return 'connection closed';
}

function egressRefusalOf(error: unknown): EgressRefusal | undefined {
	for (const each of chain(error)) {
		if (each instanceof EgressRefusal) return each;
	}
	return undefined;
}

function* chain(error: unknown): Generator<Error, void> {
	// Not `instanceof`: Node's own errors may come from another realm, as they do in Jest.
	for (let each = error, depth = 0; isNativeError(each) && depth < 5; depth++) {
		yield each;
		each = 'errors' in each && Array.isArray(each.errors) ? each.errors[0] : each.cause;
	}
}

/** undici reports a refused tunnel only in the error's message. */
function proxyStatusOf(error: unknown): number | undefined {
	const status = /^Proxy response \((\d{3})\)/.exec(error instanceof Error ? error.message : '');
	return status ? Number(status[1]) : undefined;
}
