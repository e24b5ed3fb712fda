import { Agent, fetch } from 'undici';
import {
	poison,
	rateLimited,
	withContradiction,
	withoutPositions,
	type EmulatorOptions,
	type Fault,
} from '../../../support/emulator';
import {
	closeAfterwards,
	agent,
	emulatorWith,
	formOf,
	images,
	jpeg,
	post,
	type TestFile,
} from './client';

describe('a fault', () => {
	const large: TestFile = {
		...jpeg(''),
		content: Buffer.alloc(8 * 1024 * 1024, jpeg('x').content),
	};
	const faulty = async (fault: Fault, options?: EmulatorOptions) => {
		const emulator = await emulatorWith(options);
		emulator.misbehave(({ index }) => (index === 0 ? fault : undefined));
		return emulator;
	};

	it('sends a status with its headers, for one request and not the next', async () => {
		const emulator = await faulty({ kind: 'status', status: 429, headers: { 'Retry-After': '7' } });
		const response = await fetch(`${emulator.url}/batch_image`, {
			method: 'POST',
			body: formOf([jpeg('x')]),
			headers: { authorization: `Bearer ${emulator.apiKey}` },
			dispatcher: agent(),
		});
		expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
		expect(emulator.requests[0]?.files).toHaveLength(1);
		expect((await images(emulator, jpeg('x'))).status).toBe(200);
	});

	it.each<Fault>([
		{ kind: 'reset' },
		{ kind: 'reset', afterBytes: 1_000_000 },
		{ kind: 'reset', afterBytes: Infinity },
		{ kind: 'truncatedResponse' },
	])('ends the connection: %j', async (fault) => {
		for (const tls of [false, true]) {
			const emulator = await faulty(fault, { tls });
			const dispatcher = agent({ ca: emulator.certificates.ca });
			const sent = post(emulator, '/batch_image', formOf([large]), { dispatcher });
			await expect(sent).rejects.toThrow();
			const again = await post(emulator, '/batch_image', formOf([large]), { dispatcher });
			expect([again.status, emulator.requests[0]?.aborted]).toEqual([200, false]);
		}
	});

	it.each(['lingering', 'abrupt'] as const)('responds early, %s', async (early) => {
		const emulator = await faulty({ kind: 'status', status: 401, early });
		expect((await images(emulator, large)).status).toBe(401);
	});

	it.each<[Fault, number, RegExp]>([
		[{ kind: 'invalidJson' }, 200, /^\{"batch_results": \[/],
		[{ kind: 'html200' }, 200, /<html>/],
		[{ kind: 'wrongSchema' }, 200, /"results"/],
		[{ kind: 'hugeText', megabytes: 2 }, 500, /^[^]{1900000,}$/],
		[{ kind: 'status', status: 503, html: '<h1>x</h1>' }, 503, /<h1>/],
	])('sends a wrong response: %j', async (fault, status, text) => {
		const response = await images(await faulty(fault), jpeg('x'));
		expect([response.status, response.text]).toEqual([status, expect.stringMatching(text)]);
	});

	it('changes the results', async () => {
		const positions = async (fault: Fault) =>
			(await images(await faulty(fault), jpeg('x'), jpeg('y'))).json.batch_results.map(
				(result: any) => result.batch_position,
			);
		expect(await positions({ kind: 'results', change: withoutPositions(0) })).toEqual([1]);
		expect(await positions({ kind: 'results', change: withContradiction(1) })).toEqual([0, 1, 1]);
	});

	it('sends no response until the emulator closes', async () => {
		const emulator = await faulty({ kind: 'hang', afterBytes: Infinity });
		const sent = images(emulator, jpeg('x'));
		sent.catch(() => {});
		while (emulator.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		await emulator.close();
		await expect(sent).rejects.toThrow();
		expect([emulator.inFlight, emulator.maxInFlight]).toEqual([0, 1]);
	});

	it('reads slowly', async () => {
		const emulator = await faulty({ kind: 'slowRead', bytesPerSecond: 40 * 1024 * 1024 });
		const startedAt = performance.now();
		expect((await images(emulator, large)).status).toBe(200);
		expect(performance.now() - startedAt).toBeGreaterThan(150);
	});

	it('refuses every batch with a poisoned file', async () => {
		const emulator = await emulatorWith();
		emulator.misbehave(poison(({ size }) => size === 5));
		const response = await images(emulator, jpeg('x'), jpeg('yy'));
		expect(response).toMatchObject({ status: 400, json: { detail: 'cannot decode image' } });
		expect((await images(emulator, jpeg('yy'))).status).toBe(200);
	});

	it('limits the rate', async () => {
		let now = 0;
		const emulator = await emulatorWith();
		emulator.misbehave(rateLimited(1, 1, () => now));
		const statuses: number[] = [];
		for (now of [0, 100, 1100]) statuses.push((await images(emulator, jpeg('x'))).status);
		expect(statuses).toEqual([200, 429, 200]);
	});

	it('still reports a request that breaks the contract', async () => {
		const emulator = await faulty({ kind: 'status', status: 503 });
		expect((await images(emulator, { ...jpeg('x'), name: 'a.gif' })).status).toBe(400);
	});

	it('works for any path', async () => {
		const emulator = await emulatorWith();
		emulator.misbehaveAt('/status', () => ({ kind: 'html200' }));
		const response = await fetch(`${emulator.url}/status`);
		expect(await response.text()).toContain('<html>');
	});
});

describe('what is recorded', () => {
	it('shows that a client has left', async () => {
		const emulator = await emulatorWith({ latencyMs: 60_000 });
		const leave = new AbortController();
		const sent = fetch(`${emulator.url}/batch_image`, {
			method: 'POST',
			body: formOf([jpeg('x')]),
			headers: { authorization: `Bearer ${emulator.apiKey}` },
			signal: leave.signal,
			dispatcher: agent(),
		});
		sent.catch(() => {});
		while (emulator.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		leave.abort();
		while (emulator.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(emulator.requests[0]).toMatchObject({ aborted: true });
		expect(emulator.requests[0]?.status).toBeUndefined();
		// The socket ends a moment after the request.
		while (emulator.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
	});

	it('shows the use of connections and how many requests ran at once', async () => {
		const emulator = await emulatorWith({ latencyMs: 20 });
		const dispatcher = new Agent({ connections: 3 });
		closeAfterwards(dispatcher);
		const send = () => post(emulator, '/batch_image', formOf([jpeg('x')]), { dispatcher });
		await Promise.all(Array.from({ length: 9 }, send));
		expect([emulator.connections, emulator.maxInFlight, emulator.inFlight]).toEqual([3, 3, 0]);
		expect(new Set(emulator.requests.map(({ remotePort }) => remotePort)).size).toBe(3);
	});
});
