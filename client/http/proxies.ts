import { isLoopback } from './baseUrl';
import { ClientError } from '../model/failures';

/** As undici takes them: '' is none. */
export interface Proxies {
	httpProxy: string;
	httpsProxy: string;
}

/**
 * HTTP_PROXY and HTTPS_PROXY, in small letters or capitals, with or without a scheme. Requests to
 * http addresses carry credentials in clear text, so they leave this machine by no proxy.
 *
 * @throws ClientError for an address that is none
 */
export function readProxies(env: Readonly<Record<string, string | undefined>>): Proxies {
	const http = parseProxy(env.http_proxy ?? env.HTTP_PROXY);
	const https = parseProxy(env.https_proxy ?? env.HTTPS_PROXY) ?? http;
	return {
		httpProxy: http && isLoopback(http.hostname) ? http.href : '',
		httpsProxy: https?.href ?? '',
	};
}

function parseProxy(text = ''): URL | undefined {
	const address = text.trim();
	if (!address) return undefined;
	const url = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
	if (!URL.canParse(url)) throw new ClientError({ kind: 'proxy', detail: 'address' });
	return new URL(url);
}
