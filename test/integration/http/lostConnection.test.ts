import { SYSTEM_CLOCK } from '../../../client/timing/clock';
import { startRawServer, type Emulator, type RawConnection } from '../../support/emulator';
import { testFile, testFiles } from '../support/files';
import { ask, cut, good, GOOD, rawServer } from '../support/rawServer';
import { form, run } from '../support/run';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));
/** What a server may do to a connection. A retry overcomes all of it. */
const LOSSES: [string, (connection: RawConnection) => Promise<void>][] = [
	['reset before anything was read', async (connection) => connection.reset()],
	['closed before anything was read', async (connection) => connection.destroy()],
	['half-closed before anything was read', async (connection) => connection.halfClose()],
	['reset within the upload', async (c) => (await c.readBytes(300_000), c.reset())],
	['closed within the upload', async (c) => (await c.readBytes(300_000), c.destroy())],
	['half-closed within the upload', async (c) => (await c.readBytes(300_000), c.halfClose())],
	['reset after the upload', async (c) => (await c.readBody(), c.reset())],
	['closed after the upload', async (c) => (await c.readBody(), c.destroy())],
	['half-closed after the upload', async (c) => (await c.readBody(), c.halfClose())],
	['closed within the status line', async (c) => (await c.readBody(), await cut(c, 10))],
	['closed within the headers', async (c) => (await c.readBody(), await cut(c, 30))],
	['closed within the response', async (c) => (await c.readBody(), await cut(c, 80))],
	[
		'closed within a chunked response',
		async (connection) => {
			await connection.readBody();
			await connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
			await connection.write(`${GOOD.length.toString(16)}\r\n${GOOD}\r\n`);
			connection.destroy();
		},
	],
	[
		'full of garbage',
		async (c) => (await c.readBody(), await c.write('\0\x16\x03\x01rubbish\r\n\r\n')),
	],
	['an SSH server', async (connection) => await connection.write('SSH-2.0-OpenSSH_9.6\r\n')],
	[
		'endless headers',
		async (c) => {
			await c.readBody();
			await c.write(`HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(5_000)}`);
		},
	],
	[
		'with two different lengths',
		async (c) => {
			await c.readBody();
			await c.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello');
		},
	],
];

it.each(LOSSES)(
	'a request on a connection that fails is retried on a new one: %s',
	async (_, lose) => {
		const { outcome, counts } = await ask(async (connection, index) => {
			await (index === 0 ? lose(connection) : good(connection));
		});
		expect(outcome?.verdict).toMatchObject({ isAI: true, confidence: 0.9 });
		expect(counts).toMatchObject({ requests: 2, retries: 1, followUps: 0 });
	},
);

it.each(LOSSES)(
	'a server on which all connections fail is reported as a lost connection: %s',
	async (_, lose) => {
		const { outcome, counts, server } = await ask(lose, { maxRetries: 2 });
		expect(outcome?.failure).toMatchObject({ kind: 'connectionLost', attempts: 3 });
		expect(counts.requests).toBe(3);
		expect(server.connections).toHaveLength(3);
	},
);

it('a kept connection that is dead costs one retry', async () => {
	let requests = 0;
	const server = await rawServer(async (connection) => {
		for (;;) {
			await connection.readBody();
			if (++requests === 2) return connection.reset();
			await connection.respond('HTTP/1.1 200 OK', GOOD);
		}
	});
	const settings = { maxFiles: 1, concurrency: 1 };
	const { outcomes, counts } = await run(
		testFiles(3),
		form({ ...server, apiKey: 'abcd' }),
		settings,
	);
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(counts).toMatchObject({ requests: 4, retries: 1 });
});

describe('nothing at the address', () => {
	const settings = { maxRetries: 1 };

	it('a refused connection names host and port', async () => {
		const closed = await startRawServer(() => {});
		await closed.close();
		for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
			const baseUrl = `http://${host}:${closed.port}`;
			const { outcomes } = await run([testFile(1)], { apiKey: 'abcd', baseUrl }, settings);
			expect(outcomes[0]?.failure).toMatchObject({ kind: 'unreachable', attempts: 2 });
			expect(outcomes[0]?.failure).toMatchObject({ host: `${host}:${closed.port}` });
		}
	});

	it('an unknown host', async () => {
		const baseUrl = 'https://no-such-host.invalid';
		const { outcomes } = await run([testFile(1)], { apiKey: 'abcd', baseUrl }, settings);
		expect(outcomes[0]?.failure).toMatchObject({ kind: 'unreachable', attempts: 2 });
		expect(outcomes[0]?.failure).toMatchObject({
			host: 'no-such-host.invalid',
			code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
		});
	});
});

it('a broken file loses only its own verdict, whatever the network does', async () => {
	const files = testFiles(10, 100_000);
	files[4] = { ...testFile(4, 100_000), size: 99_999 };
	emulator.misbehave(({ index, moment }) =>
		index === 1 && moment === 'beforeBody' ? { kind: 'reset', afterBytes: 1_000 } : undefined,
	);
	const { outcomes } = await run(files, form(emulator), {}, { clock: SYSTEM_CLOCK });
	expect(outcomes[4]?.failure).toEqual({ kind: 'fileChanged' });
	expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(9);
});
