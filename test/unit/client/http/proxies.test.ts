import { proxyFor } from '../../../../client/http/proxies';
import { ClientError, failureOf } from '../../../../client/model/failures';

const HTTPS = 'https://enterprise.bitmind.ai/v1';
const HTTP = 'http://localhost:8080';

const addressFor = (url: string, env: Record<string, string>) => proxyFor(url, env)?.url.href;

it.each([
	[HTTPS, {}, undefined],
	[HTTPS, { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
	[HTTPS, { https_proxy: 'http://small:1', HTTPS_PROXY: 'http://large:1' }, 'http://small:1/'],
	[HTTPS, { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
	[HTTPS, { HTTPS_PROXY: 'https://proxy' }, 'https://proxy/'],
	[HTTPS, { HTTPS_PROXY: ' ' }, undefined],
	[HTTPS, { ALL_PROXY: 'http://all:1' }, 'http://all:1/'],
	[HTTPS, { all_proxy: 'http://all:1', HTTPS_PROXY: 'http://own:1' }, 'http://own:1/'],
	// Like n8n's own client: HTTP_PROXY alone isn't used for https.
	[HTTPS, { HTTP_PROXY: 'http://proxy:3128' }, undefined],
	[HTTP, { HTTP_PROXY: 'http://127.0.0.1:3128' }, 'http://127.0.0.1:3128/'],
	[HTTP, { http_proxy: 'localhost:3128' }, 'http://localhost:3128/'],
	[HTTP, { ALL_PROXY: 'localhost:3128' }, 'http://localhost:3128/'],
	[HTTP, { HTTPS_PROXY: 'http://proxy:3128' }, undefined],
	// Unencrypted requests stay on this machine.
	[HTTP, { HTTP_PROXY: 'http://proxy:3128' }, undefined],
	// Docker's env files keep quotes.
	[HTTPS, { HTTPS_PROXY: '"http://proxy:3128"' }, 'http://proxy:3128/'],
	[HTTPS, { HTTPS_PROXY: "'http://proxy:3128'" }, 'http://proxy:3128/'],
	[HTTPS, { HTTPS_PROXY: ' "http://proxy:3128" ' }, 'http://proxy:3128/'],
	[HTTPS, { HTTPS_PROXY: '" http://proxy:3128 "' }, 'http://proxy:3128/'],
	[HTTPS, { HTTPS_PROXY: 'http://proxy/"a"' }, 'http://proxy/%22a%22'],
	[HTTPS, { HTTPS_PROXY: 'proxy:3128/?a=b://c' }, 'http://proxy:3128/?a=b://c'],
	[HTTP, { HTTP_PROXY: 'localhost:3128', NO_PROXY: 'localhost:8080' }, undefined],
	['http://localhost', { HTTP_PROXY: 'localhost:3128', NO_PROXY: 'localhost:80' }, undefined],
])('%s with %j uses the proxy %s', (url, env, expected) => {
	expect(addressFor(url, env as Record<string, string>)).toBe(expected);
});

it.each([
	['*', false],
	['enterprise.bitmind.ai', false],
	['ENTERPRISE.BITMIND.AI', false],
	['.bitmind.ai', false],
	['*.bitmind.ai', false],
	['*bitmind.ai', false],
	['other.example, .bitmind.ai', false],
	['other.example *', false],
	[' other.example,,  .bitmind.ai', false],
	['.enterprise.bitmind.ai', false],
	['.other.example', true],
	['.bitmind*.ai', true],
	['enterprise.bitmind.ai:443x', true],
	['enterprise.bitmind.ai:443', false],
	['enterprise.bitmind.ai:8443', true],
	['bitmind.ai', true],
	['prise.bitmind.ai', true],
	['enterprise.bitmind.ai.evil.example', true],
	['', true],
])('NO_PROXY=%s: proxy used %s', (noProxy, isProxied) => {
	const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: noProxy };
	expect(proxyFor(HTTPS, env) !== undefined).toBe(isProxied);
	expect(proxyFor(HTTPS, { ...env, NO_PROXY: undefined, no_proxy: noProxy }) !== undefined).toBe(
		isProxied,
	);
});

it.each([
	['http://user:pass@proxy:1', 'user:pass'],
	['http://user:p%40ss@proxy:1', 'user:p@ss'],
	['http://us%3Aer:@proxy:1', 'us:er:'],
	// A password with a single % is used as it is.
	['http://user:100%@proxy:1', 'user:100%'],
	['http://user:%zz@proxy:1', 'user:%zz'],
])('authenticates the user in %s', (address, user) => {
	const proxy = proxyFor(HTTPS, { HTTPS_PROXY: address });
	expect(proxy?.authorization).toBe(`Basic ${Buffer.from(user).toString('base64')}`);
	expect(proxy?.url.href).toBe('http://proxy:1/');
});

it.each([
	['http://user:secret@proxy:99999', { problem: 'badAddress' }],
	['http://', { problem: 'badAddress' }],
	['socks5://user:secret@proxy:1080', { problem: 'unsupportedScheme', proxy: 'proxy:1080' }],
	['ftp://proxy', { problem: 'unsupportedScheme', proxy: 'proxy' }],
])('reports what is wrong with %s, without its password', (address, known) => {
	try {
		proxyFor(HTTPS, { HTTPS_PROXY: address });
		throw new Error('it was accepted');
	} catch (error) {
		expect(error).toBeInstanceOf(ClientError);
		expect(failureOf(error)).toEqual({ kind: 'proxy', ...known });
		expect(JSON.stringify(error)).not.toMatch(/secret/);
	}
});
