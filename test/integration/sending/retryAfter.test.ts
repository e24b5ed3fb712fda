import { startRawServer, type Emulator, type Fault } from '../../support/emulator';
import { failFirst, status } from '../support/faults';
import { testFile, testFiles } from '../support/files';
import { form, run } from '../support/run';
import { virtualClock } from '../support/virtualClock';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const first = (count: number, fault: Fault) => failFirst(emulator, count, fault);

it.each([
	['seconds', '7', 7],
	['a date', 90_000, 90],
	['a date that has passed', -90_000, 0],
	['0', '0', 0],
	['5 minutes less one second', '299', 299],
])('Retry-After as %s is followed, without jitter', async (_, given, seconds) => {
	const header =
		typeof given === 'number' ? new Date(Date.now() + given).toUTCString() : String(given);
	first(1, status(503, { headers: { 'Retry-After': header } }));
	const clock = virtualClock();
	const { counts } = await run([testFile(1)], form(emulator), {}, { clock });
	expect(counts.retries).toBe(1);
	const waited = clock.waits.reduce((sum, wait) => sum + wait, 0) / 1_000;
	expect(Math.abs(waited - seconds)).toBeLessThan(2);
});

it('Retry-After holds back all requests of the run', async () => {
	first(1, status(429, { headers: { 'Retry-After': '60' } }));
	const clock = virtualClock();
	const times: number[] = [];
	const onBatch = () => times.push(clock.now());
	const start = clock.now();
	const settings = { maxFiles: 1, concurrency: 1 };
	await run(testFiles(5), form(emulator), settings, { clock, onBatch });
	expect(times).toHaveLength(5);
	expect(Math.min(...times) - start).toBeGreaterThanOrEqual(59_000);
});

it('a Retry-After of more than 5 minutes fails only its batch, and the message names the time', async () => {
	first(1, status(429, { headers: { 'Retry-After': '3600' } }));
	const settings = { maxFiles: 2, concurrency: 1 };
	const clock = virtualClock();
	const { outcomes, counts } = await run(testFiles(6), form(emulator), settings, { clock });
	// The other batches used to wait for the hour.
	expect(Math.max(0, ...clock.waits)).toBeLessThan(10_000);
	expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([
		'rateLimited',
		'rateLimited',
		...Array(4).fill(undefined),
	]);
	const inMinutes = ((outcomes[0]?.failure?.retryAt ?? 0) - Date.now()) / 60_000;
	expect(inMinutes).toBeGreaterThan(59);
	expect(inMinutes).toBeLessThan(61);
	expect(counts).toMatchObject({ requests: 3, retries: 0 });
});

it('a very long Retry-After ends the run if it comes twice in a row', async () => {
	first(100, status(503, { headers: { 'Retry-After': '3600' } }));
	const settings = { maxFiles: 1, concurrency: 1 };
	const { outcomes, counts } = await run(testFiles(20), form(emulator), settings);
	expect(counts.requests).toBe(2);
	expect(outcomes[19]?.failure).toMatchObject({ kind: 'unavailable', status: 503 });
	expect(outcomes[19]?.failure?.retryAt).toBeGreaterThan(Date.now());
});

it('Retry-After holds back the others even if the request itself is not retried', async () => {
	first(1, status(503, { headers: { 'Retry-After': '60' } }));
	const clock = virtualClock();
	const start = clock.now();
	const times: number[] = [];
	const onBatch = () => times.push(clock.now() - start);
	const settings = { maxFiles: 1, concurrency: 1, maxRetries: 0 };
	const { outcomes } = await run(testFiles(3), form(emulator), settings, { clock, onBatch });
	expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([
		'unavailable',
		undefined,
		undefined,
	]);
	expect(times[1]).toBeGreaterThanOrEqual(59_000);
});

it.each([
	[429, { 'Retry-After': '2' }, 2_000],
	[503, { 'Retry-After': '3' }, 3_000],
	[429, {}, 100],
])('the token request is also retried only after the wait: %i %j', async (code, headers, wait) => {
	const times: number[] = [];
	const clock = virtualClock();
	const server = await startRawServer(async (connection) => {
		const head = await connection.readHead();
		if (head.requestLine.includes('/v1/oauth/token')) {
			times.push(clock.now());
			const isFirst = times.length === 1;
			const body = JSON.stringify(isFirst ? {} : { access_token: 'abcd', expires_in: 3600 });
			const lines = Object.entries({ ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
			await connection.write(
				`HTTP/1.1 ${isFirst ? code : 200} X\r\n${isFirst ? lines.join('') : ''}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
			);
		} else {
			await connection.readBody();
			const body = JSON.stringify({
				batch_results: [{ isAI: false, confidence: 0.1, batch_position: 0 }],
			});
			await connection.write(
				`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
			);
		}
		connection.halfClose();
	});
	const credential = {
		authentication: 'oAuth2',
		clientId: 'client',
		clientSecret: 'secret',
		baseUrl: server.url,
	};
	const { outcomes } = await run([testFile(1)], credential, {}, { clock });
	await server.close();
	expect(outcomes[0]?.verdict).toMatchObject({ isAI: false });
	expect(times).toHaveLength(2);
	expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(wait - 10);
});

it('bug: a very long Retry-After for two parallel requests fails only their batches', async () => {
	emulator.misbehave(({ index, moment }) => {
		if (moment !== 'afterBody' || index > 1) return undefined;
		return status(429, { headers: { 'Retry-After': '301' } });
	});
	const settings = { maxFiles: 1, concurrency: 2 };
	const { outcomes, counts } = await run(testFiles(20), form(emulator), settings);
	expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(18);
	expect(counts.requests).toBe(20);
});

it.each(['0', new Date(0).toUTCString()])(
	"bug: a Retry-After of %p doesn't use up the retries at once",
	async (header) => {
		first(100, status(429, { headers: { 'Retry-After': header } }));
		const clock = virtualClock(() => 0.999);
		await run([testFile(1)], form(emulator), { maxRetries: 3 }, { clock });
		const waited = clock.waits.reduce((sum, wait) => sum + wait, 0);
		expect(waited).toBeGreaterThan(3_000);
	},
);
