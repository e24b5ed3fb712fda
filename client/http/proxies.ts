import { isLoopback } from './baseUrl';
import { ClientError, type ProxyProblem } from '../model/failures';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Proxy {
	/** Without the user and password. */
	url: URL;
	/** Value of the `Proxy-Authorization` header, if the address has a user. */
	authorization: string | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy for requests to a URL, by the rules of the package proxy-from-env, which n8n uses too:
 * HTTPS_PROXY for https, HTTP_PROXY for http, ALL_PROXY for both, NO_PROXY for exceptions, each in
 * lowercase or uppercase. A proxy address without a scheme means http.
 *
 * Requests to http addresses carry credentials in clear text, so they use no proxy on another machine.
 *
 * @throws ClientError for an address that can't be used
 */
export function proxyFor(url: string, env: Environment): Proxy | undefined {
	const target = new URL(url);
	if (isExempt(target, variable(env, 'no_proxy'))) return undefined;
	const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
	const address = variable(env, name) || variable(env, 'all_proxy');
	if (!address) return undefined;
	const proxy = parseProxy(address);
	return target.protocol === 'https:' || isLoopback(proxy.url.hostname) ? proxy : undefined;
}

/** Docker's env files keep the quotes around a value. */
function variable(env: Environment, name: string): string {
	const value = env[name] || env[name.toUpperCase()] || '';
	return value
		.trim()
		.replace(/^(["'])(.*)\1$/, '$2')
		.trim();
}

/** NO_PROXY: hosts separated by commas or spaces, each with an optional port; `*.` or `.` for subdomains. */
function isExempt(target: URL, noProxy: string): boolean {
	const host = target.hostname.toLowerCase();
	const port = target.port || DEFAULT_PORTS[target.protocol];
	return noProxy
		.toLowerCase()
		.split(/[,\s]/)
		.some((entry) => {
			const [, name = entry, wantedPort] = /(.+):(\d+)$/.exec(entry) ?? [];
			if (wantedPort && wantedPort !== port) return false;
			const suffix = name.replace(/^\*/, '');
			return /^[.*]/.test(name) ? host.endsWith(suffix) || host === suffix.slice(1) : host === name;
		});
}

function parseProxy(address: string): Proxy {
	const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
	if (!URL.canParse(withScheme)) throw proxyProblem('badAddress');
	const url = new URL(withScheme);
	if (!['http:', 'https:'].includes(url.protocol))
		throw proxyProblem('unsupportedScheme', url.host);
	const { username, password } = url;
	url.username = '';
	url.password = '';
	const user = `${decodeUserInfo(username)}:${decodeUserInfo(password)}`;
	return {
		url,
		authorization: username ? `Basic ${Buffer.from(user).toString('base64')}` : undefined,
	};
}

/** A password with a bare % can't be decoded, so it is used as it is. */
function decodeUserInfo(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function proxyProblem(kind: ProxyProblem, proxy?: string): ClientError {
	return new ClientError({ kind: 'proxy', problem: kind, ...(proxy && { proxy }) });
}
