import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RawConnection } from '../../support/emulator';
import { testFiles } from '../support/files';
import { ask, GOOD, rawServer } from '../support/rawServer';
import { form, run } from '../support/run';

it('bug: a kept connection that the server has closed costs neither a request nor a retry', async () => {
	const server = await rawServer(async (connection) => {
		await connection.readBody();
		await connection.respond('HTTP/1.1 200 OK', GOOD);
		connection.destroy();
	});
	const settings = { maxFiles: 1, concurrency: 1, maxRetries: 0, requestsPerMinute: 60 };
	const credential = form({ ...server, apiKey: 'abcd' });
	const { outcomes, counts } = await run(testFiles(30), credential, settings);
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(counts).toMatchObject({ requests: 30, retries: 0 });
});

it.each([
	['100 after 103', ['103 Early Hints\r\nLink: </x>', '100 Continue']],
	['103 after 100', ['100 Continue', '103 Early Hints\r\nLink: </x>']],
	['several', ['100 Continue', '103 Early Hints', '100 Continue', '102 Processing']],
])('bug: interim responses in one piece with the response are ignored: %s', async (_, interim) => {
	const { outcome, counts } = await ask(async (connection) => {
		await connection.readBody();
		const heads = interim.map((head) => `HTTP/1.1 ${head}\r\n\r\n`).join('');
		const response = `HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`;
		await connection.write(heads + response);
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true, confidence: 0.9 });
	expect(counts.requests).toBe(1);
});

it('bug: content codings in two header lines are decoded one after the other', async () => {
	const bytes = gzipSync(brotliCompressSync(Buffer.from(GOOD)));
	const { outcome } = await ask(async (connection: RawConnection) => {
		await connection.readBody();
		const headers = `Content-Encoding: br\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}`;
		await connection.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
		await connection.write(bytes);
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true, confidence: 0.9 });
});

it('every request names the package and its version', async () => {
	const agents: (string | undefined)[] = [];
	const server = await rawServer(async (connection) => {
		const { requestLine, headers } = await connection.readHead();
		agents.push(headers['user-agent']);
		await connection.readBody();
		const token = JSON.stringify({ access_token: 'abc', token_type: 'Bearer', expires_in: 3_600 });
		const headersOf = { Connection: 'close', 'Content-Type': 'application/json' };
		await connection.respond(
			'HTTP/1.1 200 OK',
			requestLine.includes('token') ? token : GOOD,
			headersOf,
		);
	});
	const credential = {
		authentication: 'oAuth2',
		clientId: 'client',
		clientSecret: 'secret',
		baseUrl: server.url,
	};
	const { outcomes } = await run(testFiles(1), credential);
	expect(outcomes[0]?.verdict).toBeDefined();
	const agent = expect.stringMatching(/^n8n-nodes-bitmind\/\d+\.\d+\.\d+$/);
	expect(agents).toEqual([agent, agent]);
});
