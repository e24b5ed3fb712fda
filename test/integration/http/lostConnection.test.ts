import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { SYSTEM_CLOCK } from '../../../client/timing/clock';
import {
	startEmulator,
	startRawServer,
	type Emulator,
	type RawConnection,
} from '../../support/emulator';
import { testFile, testFiles } from '../support/files';
import { form, run } from '../support/run';

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator();
});
afterAll(async () => await emulator.close());
beforeEach(() => emulator.reset());

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
	await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function rawServer(script: (connection: RawConnection, index: number) => Promise<void>) {
	const server = await startRawServer(script);
	servers.push(server);
	return server;
}

/** Asks a raw server about one file. */
async function ask(
	script: (connection: RawConnection, index: number) => Promise<void>,
	settings: Parameters<typeof run>[2] = {},
	size = 2_000_000,
) {
	const server = await rawServer(script);
	const file = testFile(1, size);
	const { outcomes, counts } = await run([file], form({ ...server, apiKey: 'abcd' }), settings);
	expect(file.isOpen).toBe(false);
	return { outcome: outcomes[0], counts, server };
}

const GOOD = JSON.stringify({
	batch_results: [{ isAI: true, confidence: 0.9, batch_position: 0 }],
});

async function good(connection: RawConnection): Promise<void> {
	await connection.readBody();
	await connection.respond('HTTP/1.1 200 OK', GOOD);
}

/** What a server may do to a connection, all of which a repeat gets over. */
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
	['closed within the answer', async (c) => (await c.readBody(), await cut(c, 80))],
	[
		'closed within a chunked answer',
		async (connection) => {
			await connection.readBody();
			await connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
			await connection.write(`${GOOD.length.toString(16)}\r\n${GOOD}\r\n`);
			connection.destroy();
		},
	],
	[
		'full of rubbish',
		async (c) => (await c.readBody(), await c.write('\0\x16\x03\x01rubbish\r\n\r\n')),
	],
	['an SSH server', async (connection) => await connection.write('SSH-2.0-OpenSSH_9.6\r\n')],
	[
		'never done with headers',
		async (c) => {
			await c.readBody();
			await c.write(`HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(5_000)}`);
		},
	],
	[
		'of two opinions on the length',
		async (c) => {
			await c.readBody();
			await c.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello');
		},
	],
];

async function cut(connection: RawConnection, bytes: number): Promise<void> {
	const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`;
	await connection.write(whole.slice(0, bytes));
	connection.destroy();
}

it.each(LOSSES)('a connection that is %s is repeated on a new one', async (_, lose) => {
	const { outcome, counts } = await ask(async (connection, index) => {
		await (index === 0 ? lose(connection) : good(connection));
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true, confidence: 0.9 });
	expect(counts).toMatchObject({ requests: 2, retries: 1, followUps: 0 });
});

it.each(LOSSES)(
	'a server whose connections are all %s: a lost connection, told as such',
	async (_, lose) => {
		const { outcome, counts, server } = await ask(lose, { maxRetries: 2 });
		expect(outcome?.failure).toMatchObject({ kind: 'connectionLost', attempts: 3 });
		expect(counts.requests).toBe(3);
		expect(server.connections).toHaveLength(3);
	},
);

it('a refusal keeps its status where its words break off', async () => {
	const { outcome } = await ask(async (connection) => {
		await connection.readBody();
		await connection.write('HTTP/1.1 403 No\r\nContent-Length: 500\r\n\r\nno perm');
		connection.destroy();
	});
	expect(outcome?.failure).toMatchObject({ kind: 'forbidden', status: 403 });
});

it('takes no verdict out of an answer that broke off, however complete it looks', async () => {
	const { outcome } = await ask(
		async (connection) => {
			await connection.readBody();
			await connection.write(
				`HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length + 1}\r\n\r\n${GOOD}`,
			);
			connection.destroy();
		},
		{ maxRetries: 1 },
	);
	expect(outcome?.failure).toMatchObject({ kind: 'connectionLost', attempts: 2 });
});

it('an answer without length ends with its connection', async () => {
	const { outcome } = await ask(async (connection) => {
		await connection.readBody();
		await connection.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${GOOD}`);
		connection.halfClose();
	});
	expect(outcome?.verdict).toBeDefined();
});

it.each([
	['once', 'HTTP/1.1 100 Continue\r\n\r\n'],
	['with headers', 'HTTP/1.1 100 Continue\r\nServer: old\r\n\r\n'],
	['twice', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'],
])('bug: a 100 that nobody asked for is borne: %s', async (_, interim) => {
	const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`;
	// Wherever it is broken off, byte by byte at last.
	for (const step of [1_000, interim.length, interim.length + 4, 9, 7, 1]) {
		const { outcome, counts } = await ask(async (connection) => {
			await connection.readBody();
			const bytes = interim + answer;
			for (let from = 0; from < bytes.length; from += step) {
				await connection.write(bytes.slice(from, from + step));
				if (from < 2 * interim.length) await new Promise((resolve) => setTimeout(resolve, 2));
			}
		});
		expect(outcome?.verdict).toMatchObject({ isAI: true, confidence: 0.9 });
		expect(counts.requests).toBe(1);
	}
});

it.each<[string, (bytes: Buffer) => Buffer]>([
	['gzip', gzipSync],
	['br', brotliCompressSync],
	['deflate', deflateSync],
	['deflate', deflateRawSync],
])('bug: an answer that a gateway has compressed is read: %s', async (coding, compress) => {
	const bytes = compress(Buffer.from(GOOD));
	const { outcome, counts } = await ask(async (connection) => {
		await connection.readBody();
		const headers = `Content-Encoding: ${coding}\r\nContent-Length: ${bytes.length}`;
		await connection.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
		await connection.write(bytes);
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true, confidence: 0.9 });
	expect(counts.requests).toBe(1);
});

it('an answer that is not compressed, whatever its header says, is read', async () => {
	const { outcome, counts } = await ask(async (connection) => {
		await connection.readBody();
		await connection.respond('HTTP/1.1 200 OK', GOOD, { 'Content-Encoding': 'gzip' });
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true });
	expect(counts.requests).toBe(1);
});

it('a compressed answer without end is read up to a limit', async () => {
	const bytes = gzipSync(Buffer.alloc(20_000_000, ' '));
	const { outcome } = await ask(async (connection) => {
		await connection.readBody();
		const headers = `Content-Encoding: gzip\r\nContent-Length: ${bytes.length}`;
		await connection.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
		await connection.write(bytes);
	});
	expect(outcome?.failure).toMatchObject({ kind: 'unreadableResponse' });
});

it('bug: an answer with very long headers is read', async () => {
	const { outcome, counts } = await ask(async (connection) => {
		await connection.readBody();
		const headers = `X-Trace: ${'x'.repeat(50_000)}\r\nContent-Length: ${GOOD.length}`;
		await connection.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${GOOD}`);
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true });
	expect(counts.requests).toBe(1);
});

it('words that come before the files are told', async () => {
	const words = JSON.stringify({ message: 'under maintenance' });
	const script = async (connection: RawConnection) => {
		await connection.readBytes(1_000);
		await connection.respond('HTTP/1.1 200 OK', words);
	};
	const { outcome, counts } = await ask(script, {}, 30_000_000);
	expect(outcome?.failure).toMatchObject({
		kind: 'unreadableResponse',
		serverMessage: 'under maintenance',
	});
	expect(counts.requests).toBe(2);
});

it('bug: verdicts that come before the files are not theirs', async () => {
	const script = async (connection: RawConnection, index: number) => {
		if (index > 0) return await good(connection);
		await connection.readBytes(1_000);
		await connection.respond('HTTP/1.1 200 OK', GOOD.replace('0.9', '0.1'));
	};
	// More than the connection's own buffers take.
	const { outcome, counts } = await ask(script, {}, 30_000_000);
	expect(outcome?.verdict).toMatchObject({ confidence: 0.9 });
	expect(counts.requests).toBe(2);
});

it('hints in advance (102, 103) are no answers', async () => {
	const { outcome } = await ask(async (connection) => {
		await connection.write('HTTP/1.1 102 Processing\r\n\r\n');
		await connection.readBody();
		await connection.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
		await connection.respond('HTTP/1.1 200 OK', GOOD);
	});
	expect(outcome?.verdict).toBeDefined();
});

it('a kept connection that has died in the meantime costs one repeat', async () => {
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

describe('nobody there', () => {
	const settings = { maxRetries: 1 };

	it('refused connections: host and port are named', async () => {
		const closed = await startRawServer(() => {});
		await closed.close();
		for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
			const baseUrl = `http://${host}:${closed.port}`;
			const { outcomes } = await run([testFile(1)], { apiKey: 'abcd', baseUrl }, settings);
			expect(outcomes[0]?.failure).toMatchObject({ kind: 'unreachable', attempts: 2 });
			expect(outcomes[0]?.failure).toMatchObject({ host: `${host}:${closed.port}` });
		}
	});

	it('unknown hosts', async () => {
		const baseUrl = 'https://no-such-host.invalid';
		const { outcomes } = await run([testFile(1)], { apiKey: 'abcd', baseUrl }, settings);
		expect(outcomes[0]?.failure).toMatchObject({ kind: 'unreachable', attempts: 2 });
		expect(outcomes[0]?.failure).toMatchObject({
			host: 'no-such-host.invalid',
			code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
		});
	});
});

it('a file that is broken costs its own verdict only, whatever the network does', async () => {
	const files = testFiles(10, 100_000);
	files[4] = { ...testFile(4, 100_000), size: 99_999 };
	emulator.misbehave(({ index, moment }) =>
		index === 1 && moment === 'beforeBody' ? { kind: 'reset', afterBytes: 1_000 } : undefined,
	);
	const { outcomes } = await run(files, form(emulator), {}, { clock: SYSTEM_CLOCK });
	expect(outcomes[4]?.failure).toEqual({ kind: 'fileChanged' });
	expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(9);
});
