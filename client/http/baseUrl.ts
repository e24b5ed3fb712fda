import { isIP } from 'node:net';

import type { BaseUrlProblem } from '../model/credentialProblem';

/**
 * The address that all request paths are appended to, without a trailing slash. Each request carries
 * credentials, so it must be https. Only this machine may be http (emulators, tunnels).
 */
export function parseBaseUrl(
	text: string,
): { url: string; problem?: undefined } | { url?: undefined; problem: BaseUrlProblem } {
	const trimmed = text.trim();
	if (!URL.canParse(trimmed)) return { problem: 'notAUrl' };
	const url = new URL(trimmed);
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
		return { problem: /^https?:$/.test(url.protocol) ? 'notHttps' : 'notAUrl' };
	}
	if (url.username || url.password || url.search || url.hash) return { problem: 'hasExtras' };
	return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

/** Whether the host name of a URL is this machine. */
export function isLoopback(hostname: string): boolean {
	if (hostname === 'localhost' || hostname === '[::1]') return true;
	return isIP(hostname) === 4 && hostname.startsWith('127.');
}
