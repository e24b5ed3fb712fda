import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { RawConnection } from '../../support/emulator';
import { ask, good, GOOD } from '../support/rawServer';

it('a refusal keeps its status if its body breaks off', async () => {
	const { outcome } = await ask(async (connection) => {
		await connection.readBody();
		await connection.write('HTTP/1.1 403 No\r\nContent-Length: 500\r\n\r\nno perm');
		connection.destroy();
	});
	expect(outcome?.failure).toMatchObject({ kind: 'forbidden', status: 403 });
});

it('reads no verdict from a response that breaks off, even if it looks complete', async () => {
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

it('a response without a length ends with its connection', async () => {
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
])('bug: an unrequested 100 is ignored: %s', async (_, interim) => {
	const response = `HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`;
	// In parts of any size, down to single bytes.
	for (const step of [1_000, interim.length, interim.length + 4, 9, 7, 1]) {
		const { outcome, counts } = await ask(async (connection) => {
			await connection.readBody();
			const bytes = interim + response;
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
])('bug: a response that a gateway has compressed is read: %s', async (coding, compress) => {
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

it('a response that is not compressed is read even if its header says it is', async () => {
	const { outcome, counts } = await ask(async (connection) => {
		await connection.readBody();
		await connection.respond('HTTP/1.1 200 OK', GOOD, { 'Content-Encoding': 'gzip' });
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true });
	expect(counts.requests).toBe(1);
});

it('an endless compressed response is read up to a limit', async () => {
	const bytes = gzipSync(Buffer.alloc(20_000_000, ' '));
	const { outcome } = await ask(async (connection) => {
		await connection.readBody();
		const headers = `Content-Encoding: gzip\r\nContent-Length: ${bytes.length}`;
		await connection.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
		await connection.write(bytes);
	});
	expect(outcome?.failure).toMatchObject({ kind: 'unreadableResponse' });
});

it('bug: a response with very long headers is read', async () => {
	const { outcome, counts } = await ask(async (connection) => {
		await connection.readBody();
		const headers = `X-Trace: ${'x'.repeat(50_000)}\r\nContent-Length: ${GOOD.length}`;
		await connection.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${GOOD}`);
	});
	expect(outcome?.verdict).toMatchObject({ isAI: true });
	expect(counts.requests).toBe(1);
});

it('a refusal that comes before the files is reported', async () => {
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

it('bug: verdicts that come before the files are rejected', async () => {
	const script = async (connection: RawConnection, index: number) => {
		if (index > 0) return await good(connection);
		await connection.readBytes(1_000);
		await connection.respond('HTTP/1.1 200 OK', GOOD.replace('0.9', '0.1'));
	};
	// More than the connection's buffers hold.
	const { outcome, counts } = await ask(script, {}, 30_000_000);
	expect(outcome?.verdict).toMatchObject({ confidence: 0.9 });
	expect(counts.requests).toBe(2);
});

it('interim responses (102, 103) are ignored', async () => {
	const { outcome } = await ask(async (connection) => {
		await connection.write('HTTP/1.1 102 Processing\r\n\r\n');
		await connection.readBody();
		await connection.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
		await connection.respond('HTTP/1.1 200 OK', GOOD);
	});
	expect(outcome?.verdict).toBeDefined();
});
