import { ClientError } from '../../../../client/model/failures';
import { readProxies } from '../../../../client/http/proxies';

it.each([
	[{}, '', ''],
	[{ HTTPS_PROXY: 'http://proxy:3128' }, '', 'http://proxy:3128/'],
	[{ https_proxy: 'http://small:1', HTTPS_PROXY: 'http://large:1' }, '', 'http://small:1/'],
	[{ HTTPS_PROXY: 'proxy:3128' }, '', 'http://proxy:3128/'],
	[{ HTTPS_PROXY: 'user:secret@10.0.0.1:3128' }, '', 'http://user:secret@10.0.0.1:3128/'],
	[{ HTTPS_PROXY: ' ' }, '', ''],
	// What is not encrypted stays on this machine.
	[{ HTTP_PROXY: 'http://proxy:3128' }, '', 'http://proxy:3128/'],
	[{ HTTP_PROXY: 'http://127.0.0.1:3128' }, 'http://127.0.0.1:3128/', 'http://127.0.0.1:3128/'],
	[
		{ http_proxy: 'localhost:3128', HTTPS_PROXY: 'https://proxy' },
		'http://localhost:3128/',
		'https://proxy/',
	],
])('%j', (env, httpProxy, httpsProxy) => {
	expect(readProxies(env)).toEqual({ httpProxy, httpsProxy });
});

it('an address that is none is told without its password', () => {
	const read = () => readProxies({ HTTPS_PROXY: 'http://user:secret@proxy:99999' });
	expect(read).toThrow(ClientError);
	expect(read).not.toThrow(/secret/);
});
