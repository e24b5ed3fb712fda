import { parseBaseUrl } from '../../../../client/http/baseUrl';

it.each([
	['https://enterprise.bitmind.ai', 'https://enterprise.bitmind.ai'],
	['https://enterprise.bitmind.ai/', 'https://enterprise.bitmind.ai'],
	['https://enterprise.bitmind.ai///', 'https://enterprise.bitmind.ai'],
	['  https://enterprise.bitmind.ai \n', 'https://enterprise.bitmind.ai'],
	['HTTPS://Enterprise.BitMind.AI:443/', 'https://enterprise.bitmind.ai'],
	['https://gateway.corp:8443/bitmind/v1/', 'https://gateway.corp:8443/bitmind/v1'],
	['https://gateway.corp/a/../b', 'https://gateway.corp/b'],
	['https://gateway.corp/?', 'https://gateway.corp'],
	['https://gateway.corp/#', 'https://gateway.corp'],
	['https://bücher.example', 'https://xn--bcher-kva.example'],
	['https://10.0.0.1', 'https://10.0.0.1'],
	['http://localhost:8080', 'http://localhost:8080'],
	['http://127.0.0.1', 'http://127.0.0.1'],
	['http://127.8.9.10:1/x', 'http://127.8.9.10:1/x'],
	['http://127.1', 'http://127.0.0.1'],
	['http://[::1]:80', 'http://[::1]'],
	['http://0x7f.1', 'http://127.0.0.1'],
])('accepts %j', (text, url) => {
	expect(parseBaseUrl(text)).toEqual({ url });
});

it.each([
	['', 'notAUrl'],
	['enterprise.bitmind.ai', 'notAUrl'],
	['enterprise.bitmind.ai:443', 'notAUrl'],
	['//enterprise.bitmind.ai', 'notAUrl'],
	['/status', 'notAUrl'],
	['https://', 'notAUrl'],
	['https://a b', 'notAUrl'],
	['https://host:99999', 'notAUrl'],
	['ftp://enterprise.bitmind.ai', 'notAUrl'],
	['file:///etc/passwd', 'notAUrl'],
	['javascript:alert(1)', 'notAUrl'],
	['data:text/html,x', 'notAUrl'],
	['http://enterprise.bitmind.ai', 'notHttps'],
	['http://10.0.0.1', 'notHttps'],
	['http://0.0.0.0', 'notHttps'],
	['http://127.0.0.1.evil.example', 'notHttps'],
	['http://127.evil.example', 'notHttps'],
	['http://localhost.evil.example', 'notHttps'],
	['http://evil.example/localhost', 'notHttps'],
	['http://localhost@evil.example', 'notHttps'],
	['http://127.0.0.1@evil.example', 'notHttps'],
	['http://evil.example#@localhost', 'notHttps'],
	['http://[::2]', 'notHttps'],
	['http://[::ffff:10.0.0.1]', 'notHttps'],
	['https://user:pass@enterprise.bitmind.ai', 'hasExtras'],
	['https://user@enterprise.bitmind.ai', 'hasExtras'],
	['https://:pass@enterprise.bitmind.ai', 'hasExtras'],
	['https://enterprise.bitmind.ai?key=1', 'hasExtras'],
	['https://enterprise.bitmind.ai/#top', 'hasExtras'],
	['http://user@localhost', 'hasExtras'],
])('refuses %j', (text, problem) => {
	expect(parseBaseUrl(text)).toEqual({ problem });
});
