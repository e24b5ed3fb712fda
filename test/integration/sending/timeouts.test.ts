import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SYSTEM_CLOCK } from '../../../client/timing/clock';
import { PNG } from '../../../client/files/fileType';
import { startRawServer, type Emulator, type RawConnection } from '../../support/emulator';
import { fileOf, testFile } from '../support/files';
import { form, run } from '../support/run';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const TIMEOUT_MS = 200;
const SETTINGS = { timeoutMs: TIMEOUT_MS, maxRetries: 0 };
const REAL_TIME = { clock: SYSTEM_CLOCK };

async function timed<T>(work: Promise<T>): Promise<{ result: T; milliseconds: number }> {
	const start = performance.now();
	return { result: await work, milliseconds: performance.now() - start };
}

async function ask(script: (connection: RawConnection) => Promise<void>, size = 1_000) {
	const server = await startRawServer(script);
	const credential = form({ ...server, apiKey: 'abcd' });
	const timing = await timed(run([testFile(1, size)], credential, SETTINGS, REAL_TIME));
	await server.close();
	return { failure: timing.result.outcomes[0]?.failure, milliseconds: timing.milliseconds };
}

it.each([
	['the response never comes', 1_000, async (c: RawConnection) => await c.readBody(), 'response'],
	[
		'the response stops within its headers',
		1_000,
		async (c: RawConnection) => (await c.readBody(), await c.write('HTTP/1.1 200 OK\r\nContent-')),
		'response',
	],
	[
		'the response stops in the middle',
		1_000,
		async (c: RawConnection) => (
			await c.readBody(),
			await c.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"batch')
		),
		'response',
	],
	['nothing is read', 30_000_000, async () => {}, 'upload'],
	[
		'reading stops in the middle',
		30_000_000,
		async (c: RawConnection) => await c.readBytes(5_000_000),
		'upload',
	],
])('gives up in time if %s', async (_, size, script, phase) => {
	const { failure, milliseconds } = await ask(script, size);
	expect(failure).toMatchObject({ kind: 'timeout', phase });
	expect(milliseconds).toBeGreaterThan(TIMEOUT_MS - 20);
	expect(milliseconds).toBeLessThan(TIMEOUT_MS + 1_500);
});

it('bug: gives up on a response that trickles in', async () => {
	const { failure, milliseconds } = await ask(async (connection) => {
		await connection.readBody();
		await connection.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
		for (let i = 0; i < 100 && !connection.isClosed; i++) {
			await connection.write(' ');
			await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS / 10));
		}
	});
	expect(failure).toMatchObject({ kind: 'timeout', phase: 'response' });
	expect(milliseconds).toBeLessThan(3 * TIMEOUT_MS);
});

it('waits for an upload that makes progress, no matter how long it takes', async () => {
	emulator.misbehave(({ moment }) =>
		moment === 'beforeBody' ? { kind: 'slowRead', bytesPerSecond: 12_000_000 } : undefined,
	);
	const file = testFile(1, 16_000_000);
	const settings = { ...SETTINGS, timeoutMs: 700 };
	const { result, milliseconds } = await timed(run([file], form(emulator), settings, REAL_TIME));
	expect(result.outcomes[0]?.verdict).toMatchObject(file.verdict);
	expect(milliseconds).toBeGreaterThan(1_000);
});

it('retries after a timeout, on another connection', async () => {
	emulator.misbehave(({ index, moment }) =>
		index === 0 && moment === 'afterBody' ? { kind: 'hang' } : undefined,
	);
	const { outcomes, counts } = await run([testFile(1)], form(emulator), {
		timeoutMs: TIMEOUT_MS,
	});
	expect(outcomes[0]?.verdict).toBeDefined();
	expect(counts.retries).toBe(1);
	const connections = emulator.batchRequests.map(({ connection }) => connection);
	expect(new Set(connections).size).toBe(2);
});

it('limits the length of a response, and sends the files at most once more', async () => {
	const endless = `{"batch_results": ["${'x'.repeat(65_000)}`;
	let requests = 0;
	const server = await startRawServer(async (connection) => {
		await connection.readBody();
		requests++;
		await connection.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
		while (!connection.isClosed) await connection.write(endless);
	});
	const { outcomes } = await run([testFile(1)], form({ ...server, apiKey: 'abcd' }));
	expect(outcomes[0]?.failure).toMatchObject({ kind: 'unreadableResponse', request: 'batch' });
	expect(requests).toBe(2);
	await server.close();
});

it.each([
	[401, 'unauthorized'],
	[403, 'forbidden'],
	[400, 'fileRefused'],
])('bug: a refusal counts even if its body stalls: %i', async (code, kind) => {
	let requests = 0;
	const server = await startRawServer(async (connection) => {
		await connection.readBody();
		requests++;
		await connection.write(`HTTP/1.1 ${code} No\r\nContent-Length: 99\r\n\r\n{"detail"`);
	});
	const credential = form({ ...server, apiKey: 'abcd' });
	const settings = { timeoutMs: 20_000, maxRetries: 4 };
	const { outcomes } = await run([testFile(1)], credential, settings, REAL_TIME);
	await server.close();
	expect(outcomes[0]?.failure).toMatchObject({ kind, status: code });
	expect(requests).toBe(1);
});

it('limits the length of a refusal', async () => {
	const server = await startRawServer(async (connection) => {
		await connection.readBody();
		await connection.write('HTTP/1.1 403 No\r\nConnection: close\r\n\r\n');
		while (!connection.isClosed) await connection.write('\u001b[31m<b>no</b> '.repeat(5_000));
	});
	const { outcomes } = await run([testFile(1)], form({ ...server, apiKey: 'abcd' }));
	expect(outcomes[0]?.failure).toMatchObject({ kind: 'forbidden', status: 403 });
	expect(outcomes[0]?.failure?.serverMessage).toMatch(/^(no )+no?…$/);
	await server.close();
});

it('bug: a file whose storage hangs loses only its own verdict, within the timeout', async () => {
	const file = fileOf('hangs.png', PNG, Buffer.alloc(10));
	const hanging = {
		...file,
		open: async (signal: AbortSignal) => ({
			read: () =>
				new Promise<number>((_, reject) =>
					signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
				),
			close() {},
		}),
	};
	const files = [testFile(1), hanging, testFile(2)];
	const { result, milliseconds } = await timed(run(files, form(emulator), SETTINGS, REAL_TIME));
	expect(result.outcomes[1]?.failure).toEqual({ kind: 'fileUnreadable', hasStalled: true });
	expect(result.outcomes.filter(({ verdict }) => verdict)).toHaveLength(2);
	expect(milliseconds).toBeLessThan(TIMEOUT_MS + 2_500);
});

// A network drive whose server is gone: no call ever returns, not even the one that closes the file.
it.each(['read', 'close'] as const)(
	"bug: a disk on which a file's %s never returns blocks neither the run nor a cancellation",
	async (call) => {
		const file = testFile(1);
		const never = new Promise<never>(() => {});
		const open = async () => ({ ...(await file.open()), [call]: async () => await never });
		const files = [{ ...file, open }, testFile(2)];
		const settings = { ...SETTINGS, maxFiles: 1 };
		const { result, milliseconds } = await timed(run(files, form(emulator), settings, REAL_TIME));
		expect(result.outcomes[1]?.verdict).toBeDefined();
		expect(milliseconds).toBeLessThan(TIMEOUT_MS + 2_500);

		const controller = new AbortController();
		const context = { signal: controller.signal, ...REAL_TIME };
		const slow = { ...settings, timeoutMs: 60_000, maxFiles: 2 };
		const running = run([...files, ...files], form(emulator), slow, context);
		setTimeout(() => controller.abort(new Error('canceled')), 100);
		const canceled = await timed(running.catch((error: unknown) => error));
		expect(canceled.milliseconds).toBeLessThan(1_500);
	},
);

it("bug: a file that hangs while it is hashed doesn't block the run or a cancellation", async () => {
	const file = testFile(1);
	const never = new Promise<never>(() => {});
	let opened = 0;
	const first = { ...file, open: async () => (opened++ === 0 ? await file.open() : await never) };
	const settings = { ...SETTINGS, deduplicate: true };
	const { result } = await timed(run([file, first], form(emulator), settings, REAL_TIME));
	expect(result.outcomes[0]?.verdict).toBeDefined();
	const stuck = { ...file, open: async () => await never };
	const controller = new AbortController();
	const context = { signal: controller.signal, ...REAL_TIME };
	const running = run([file, stuck], form(emulator), { ...settings, timeoutMs: 60_000 }, context);
	setTimeout(() => controller.abort(new Error('canceled')), 300);
	const { milliseconds } = await timed(expect(running).rejects.toThrow('canceled'));
	expect(milliseconds).toBeLessThan(1_300);
});

describe('before there is a connection', () => {
	const given = process.env.HTTPS_PROXY;
	let proxy: Server;
	const sockets: Socket[] = [];
	beforeAll(async () => {
		// A proxy that accepts the connection but never responds.
		proxy = createServer((socket) => {
			// A socket that isn't read doesn't notice that the other side has closed it.
			sockets.push(socket.on('error', () => {}).resume());
		});
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
		process.env.HTTPS_PROXY = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});
	afterAll(async () => {
		if (given === undefined) delete process.env.HTTPS_PROXY;
		else process.env.HTTPS_PROXY = given;
		await new Promise((resolve) => proxy.close(resolve));
	});
	const credential = form({ url: 'https://bitmind.test', apiKey: 'abcd' });
	const allClosed = async () => {
		while (sockets.some(({ destroyed }) => !destroyed)) {
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	};

	it('a request ends in time', async () => {
		const { result, milliseconds } = await timed(
			run([testFile(1)], credential, SETTINGS, REAL_TIME),
		);
		expect(result.outcomes[0]?.failure).toMatchObject({ kind: 'timeout', phase: 'connect' });
		expect(milliseconds).toBeLessThan(TIMEOUT_MS + 1_500);
		await allClosed();
		expect(sockets.length).toBeGreaterThan(0);
	});

	it('a cancellation takes effect at once', async () => {
		const controller = new AbortController();
		const running = run([testFile(1)], credential, {}, { signal: controller.signal, ...REAL_TIME });
		const seen = sockets.length;
		while (sockets.length === seen) await new Promise((resolve) => setTimeout(resolve, 5));
		controller.abort(new Error('canceled'));
		const { milliseconds } = await timed(expect(running).rejects.toThrow('canceled'));
		expect(milliseconds).toBeLessThan(1_000);
		await allClosed();
	});
});
