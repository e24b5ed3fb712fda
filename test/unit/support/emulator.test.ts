import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Agent, FormData, fetch, request, type Dispatcher } from 'undici';
import {
	poison,
	rateLimited,
	seededRandom,
	startEmulator,
	startRawServer,
	verdictOf,
	withContradiction,
	withoutPositions,
	type Emulator,
	type EmulatorOptions,
	type Fault,
} from '../../support/emulator';

interface Answer {
	status: number;
	text: string;
	json: any;
}

interface TestFile {
	content: Buffer;
	type: string;
	name: string;
}

const open: Array<{ close(): Promise<unknown> }> = [];

afterEach(async () => {
	await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function emulatorWith(options: EmulatorOptions = {}): Promise<Emulator> {
	const emulator = await startEmulator(options);
	open.push(emulator);
	return emulator;
}

/** One per emulator, so that no connection of an earlier test is used again. */
function agent(connect: Record<string, unknown> = {}): Agent {
	const dispatcher = new Agent({ connect });
	open.push({ close: () => dispatcher.destroy() });
	return dispatcher;
}

const jpeg = (text: string): TestFile => ({
	content: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(text)]),
	type: 'image/jpeg',
	name: 'a.jpg',
});

function ftyp(brand: string, compatible = ''): Buffer {
	const box = Buffer.concat([Buffer.alloc(4), Buffer.from(`ftyp${brand}\0\0\0\0${compatible}`)]);
	box.writeUInt32BE(box.length);
	return box;
}

function formOf(files: readonly TestFile[], field = 'images'): FormData {
	const form = new FormData();
	for (const { content, type, name } of files) {
		form.append(field, new Blob([content], { type }), name);
	}
	return form;
}

async function post(
	emulator: Emulator,
	path: string,
	body: FormData | URLSearchParams | Buffer,
	headers: Record<string, string> = {},
	dispatcher: Dispatcher = agent(),
): Promise<Answer> {
	const response = await fetch(`${emulator.url}${path}`, {
		method: 'POST',
		body,
		headers: { authorization: `Bearer ${emulator.apiKey}`, ...headers },
		dispatcher,
	});
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, text, json };
}

const images = (emulator: Emulator, ...files: TestFile[]) =>
	post(emulator, '/batch_image', formOf(files));

const certHeader = (pem: string) => ({ 'x-client-cert': Buffer.from(pem).toString('base64') });

describe('a good batch', () => {
	it('gets a verdict for each file, which its content alone decides', async () => {
		const emulator = await emulatorWith();
		const files = ['one', 'two', 'three', 'four', 'five', 'six'].map(jpeg);
		const { status, json } = await images(emulator, ...files);
		expect(status).toBe(200);
		expect(json).toMatchObject({ batch_count: 6, total_time: expect.any(Number) });
		expect(json.request_id).toMatch(/^batch_img_\d+$/);
		for (const [position, { content }] of files.entries()) {
			const sha256 = createHash('sha256').update(content).digest('hex');
			const entry = json.batch_results.find((result: any) => result.batch_position === position);
			expect(entry).toEqual({
				...verdictOf(sha256),
				processingTime: expect.any(Number),
				batch_position: position,
			});
			expect(emulator.requests[0]?.files[position]).toMatchObject({ sha256, field: 'images' });
		}
	});

	it('is answered in an order of its own, the same for the same seed', async () => {
		const orderOf = async (options: EmulatorOptions) => {
			const emulator = await emulatorWith(options);
			const { json } = await images(emulator, ...Array.from('abcdefgh', jpeg));
			return json.batch_results.map((result: any) => result.batch_position);
		};
		const sorted = [0, 1, 2, 3, 4, 5, 6, 7];
		const [first, again, other, plain] = await Promise.all([
			orderOf({ seed: 5 }),
			orderOf({ seed: 5 }),
			orderOf({ seed: 6 }),
			orderOf({ shuffle: false }),
		]);
		expect(again).toEqual(first);
		expect(other).not.toEqual(first);
		expect(plain).toEqual(sorted);
		expect([...first].sort()).toEqual(sorted);
	});

	it.each([
		['MP4', ftyp('isom'), 'video/mp4', 'a.mp4'],
		['MP4 of another first brand', ftyp('3gp4', 'isom3gp4'), 'video/mp4', 'a.MP4'],
		['MOV', ftyp('qt  '), 'video/quicktime', 'a.mov'],
		['MOV without ftyp', Buffer.from('\0\0\0\u0008wide\0\0\0\0mdat'), 'video/quicktime', 'a.mov'],
		['AVI', Buffer.from('RIFF\0\0\0\0AVI LIST'), 'video/x-msvideo', 'a.avi'],
	])('of a video: %s', async (_name, content, type, name) => {
		const emulator = await emulatorWith();
		const form = formOf([{ content, type, name }], 'videos');
		const { status, json } = await post(emulator, '/batch_video', form);
		expect([status, json.request_id]).toEqual([200, expect.stringMatching(/^batch_vid_/)]);
	});

	it('has an id of its own, also after a reset', async () => {
		const emulator = await emulatorWith();
		const first = await images(emulator, jpeg('x'));
		emulator.reset();
		expect(emulator.requests).toEqual([]);
		const second = await images(emulator, jpeg('x'));
		expect(second.json.request_id).not.toBe(first.json.request_id);
	});

	it('needs no hash of the content where nothing is verified', async () => {
		const emulator = await emulatorWith({ verify: 'none' });
		const { json } = await images(emulator, jpeg('x'), jpeg('yy'));
		expect(json.batch_count).toBe(2);
		expect(emulator.requests[0]?.files.map(({ size }) => size)).toEqual([5, 6]);
	});
});

describe('the contract', () => {
	const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
	const heic = { content: ftyp('heic', 'mif1isom'), type: 'video/mp4', name: 'a.mp4' };
	it.each<[string, string, FormData, number, RegExp]>([
		['wrong field', '/batch_image', formOf([jpeg('x')], 'image'), 400, /Unexpected field/],
		['no file', '/batch_image', formOf([]), 400, /No images|parsing/],
		['51 images', '/batch_image', formOf(Array(51).fill(jpeg('x'))), 400, /At most 50/],
		['21 videos', '/batch_video', formOf(Array(21).fill(heic), 'videos'), 400, /At most 20/],
		[
			'unknown format',
			'/batch_image',
			formOf([{ ...jpeg(''), content: Buffer.from('GIF89a') }]),
			400,
			/Unsupported/,
		],
		['picture as a video', '/batch_video', formOf([heic], 'videos'), 400, /Unsupported/],
		[
			'empty file',
			'/batch_image',
			formOf([{ ...jpeg(''), content: Buffer.alloc(0) }]),
			400,
			/Empty/,
		],
		[
			'untrue Content-Type',
			'/batch_image',
			formOf([{ ...jpeg(''), content: png, name: 'a.png' }]),
			400,
			/Content-Type/,
		],
		[
			'untrue extension',
			'/batch_image',
			formOf([{ ...jpeg('x'), name: 'a.png' }]),
			400,
			/extension/,
		],
		['no extension', '/batch_image', formOf([{ ...jpeg('x'), name: 'a' }]), 400, /extension/],
	])('refuses: %s', async (_name, path, form, status, reason) => {
		const emulator = await emulatorWith();
		const answer = await post(emulator, path, form);
		expect(answer.status).toBe(status);
		expect(answer.json.detail).toMatch(reason);
		expect(emulator.requests[0]?.refusal).toMatch(reason);
	});

	it('refuses a text field, and a body that is not multipart or ends too soon', async () => {
		const emulator = await emulatorWith();
		const withText = formOf([jpeg('x')]);
		withText.append('images', 'not a file');
		expect(await post(emulator, '/batch_image', withText)).toMatchObject({ status: 400 });
		const raw = jpeg('x').content;
		expect(await post(emulator, '/batch_image', raw)).toMatchObject({ status: 400 });
		const type = { 'content-type': 'multipart/form-data; boundary=b' };
		const broken = Buffer.from(
			'--b\r\nContent-Disposition: form-data; name="images"; filename="a"\r\n\r\nx',
		);
		const answer = await post(emulator, '/batch_image', broken, type);
		expect([answer.status, answer.json.detail]).toEqual([400, expect.stringMatching(/parsing/)]);
	});

	it('wants a Content-Length, and not a chunked body', async () => {
		const emulator = await emulatorWith();
		const headers = { authorization: `Bearer ${emulator.apiKey}` };
		const url = `${emulator.url}/batch_image`;
		const chunked = await request(url, {
			method: 'POST',
			headers: { ...headers, 'content-type': 'multipart/form-data; boundary=b' },
			body: Readable.from(['x']),
			dispatcher: agent(),
		});
		expect(chunked.statusCode).toBe(400);
		await chunked.body.dump();
		const socket = connect(emulator.port, '127.0.0.1');
		socket.end(
			`POST /batch_image HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers.authorization}\r\n\r\n`,
		);
		expect(String(await buffer(socket))).toMatch(/^HTTP\/1\.1 411 /);
	});

	it('refuses a file of more than 100 MiB', async () => {
		const emulator = await emulatorWith({ verify: 'none' });
		const large = { ...jpeg(''), content: Buffer.alloc(100 * 1024 * 1024 + 1) };
		expect((await images(emulator, large)).status).toBe(413);
	});

	it('refuses too large a body before it is read, and the answer gets through', async () => {
		const emulator = await emulatorWith({ maxRequestBytes: 1000 });
		const large = { ...jpeg(''), content: Buffer.alloc(32 * 1024 * 1024) };
		const answer = await images(emulator, large);
		expect([answer.status, emulator.requests[0]?.files]).toEqual([413, []]);
	});

	it('knows no other paths and methods', async () => {
		const emulator = await emulatorWith();
		const unknown = await post(emulator, '/v2/batch_image', formOf([jpeg('x')]));
		expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining('<html>')]);
		expect((await fetch(`${emulator.url}/batch_image`)).status).toBe(405);
	});

	it('has single-file endpoints', async () => {
		const emulator = await emulatorWith();
		const image = await post(emulator, '/image', jpeg('x').content, {
			'content-type': 'image/jpeg',
		});
		expect(image.json).toMatchObject({
			isAI: expect.any(Boolean),
			request_id: expect.stringMatching(/^img_/),
		});
		const video = { content: ftyp('mp42'), type: 'video/mp4', name: 'a.mp4' };
		expect((await post(emulator, '/video', formOf([video], 'video'))).status).toBe(200);
		expect((await post(emulator, '/video', formOf([video], 'videos'))).status).toBe(400);
	});
});

describe('authentication', () => {
	const tokenForm = (values: Record<string, string> = {}) =>
		new URLSearchParams({ grant_type: 'client_credentials', ...values });
	const statusWith = async (emulator: Emulator, headers: Record<string, string>) => {
		const response = await fetch(`${emulator.url}/status`, { headers, dispatcher: agent() });
		return { status: response.status, json: (await response.json()) as any };
	};
	const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

	it('is not needed for /health, and needed for /status', async () => {
		const emulator = await emulatorWith({ permissions: ['image_inference'] });
		expect((await fetch(`${emulator.url}/health`)).status).toBe(200);
		expect((await statusWith(emulator, {})).status).toBe(401);
		expect((await statusWith(emulator, bearer('enterprise-wrong'))).status).toBe(401);
		const { status, json } = await statusWith(emulator, bearer(emulator.apiKey));
		expect([status, json.client.permissions]).toEqual([200, ['image_inference']]);
		expect((await images(emulator, jpeg('x'))).status).toBe(403);
	});

	it('by OAuth gives tokens of their own, which run out by the given clock', async () => {
		let now = 1_000_000;
		const emulator = await emulatorWith({ tokenExpiresInSeconds: 90, now: () => now });
		const { id, secret } = emulator.client;
		const form = tokenForm({ client_id: id, client_secret: secret });
		const first = await post(emulator, '/v1/oauth/token', form);
		const second = await post(emulator, '/v1/oauth/token', form);
		expect(first.json).toMatchObject({ token_type: 'Bearer', expires_in: 90 });
		expect(second.json.access_token).not.toBe(first.json.access_token);
		const headers = bearer(first.json.access_token);
		now += 89_999;
		expect((await statusWith(emulator, headers)).status).toBe(200);
		now += 1;
		expect((await statusWith(emulator, headers)).status).toBe(401);
		expect(emulator.requests.at(-1)?.authorization).toBe('expiredToken');
	});

	it('loses all tokens at once when told to', async () => {
		const emulator = await emulatorWith();
		const { id, secret } = emulator.client;
		const form = tokenForm({ client_id: id, client_secret: secret });
		const { json } = await post(emulator, '/v1/oauth/token', form);
		emulator.expireTokens();
		expect((await statusWith(emulator, bearer(json.access_token))).status).toBe(401);
	});

	it('refuses a wrong client, grant or form', async () => {
		const emulator = await emulatorWith();
		const client = { client_id: emulator.client.id, client_secret: 'wrong' };
		const wrong = await post(emulator, '/v1/oauth/token', tokenForm(client));
		expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_client']);
		const grant = tokenForm({ grant_type: 'password' });
		expect((await post(emulator, '/v1/oauth/token', grant)).status).toBe(400);
		const json = Buffer.from(JSON.stringify({ grant_type: 'client_credentials' }));
		expect((await post(emulator, '/v1/oauth/token', json)).status).toBe(400);
	});

	it('by OAuth with mTLS wants the certificate for the token and for every call', async () => {
		const emulator = await emulatorWith();
		const form = tokenForm({ client_id: emulator.client.id });
		const cert = certHeader(emulator.certificates.client.certificate);
		expect((await post(emulator, '/v1/oauth/token', form)).status).toBe(403);
		const { json } = await post(emulator, '/v1/oauth/token', form, cert);
		const headers = bearer(json.access_token);
		expect((await statusWith(emulator, headers)).status).toBe(403);
		expect((await statusWith(emulator, { ...headers, ...cert })).status).toBe(200);
	});

	it('by API key may want the certificate too, and no other', async () => {
		const emulator = await emulatorWith({ clientCertificate: 'header' });
		const { client, ca, otherClient } = emulator.certificates;
		const headers = bearer(emulator.apiKey);
		const statusOf = async (header: Record<string, string>) =>
			(await statusWith(emulator, { ...headers, ...header })).status;
		expect(await statusOf({})).toBe(403);
		expect(await statusOf({ 'x-client-cert': client.certificate.replace(/\n/g, '') })).toBe(403);
		expect(await statusOf(certHeader(client.certificate.trim().replace(/\n/g, '')))).toBe(403);
		expect(await statusOf(certHeader(otherClient.certificate))).toBe(403);
		expect(await statusOf(certHeader(client.certificate + client.key))).toBe(403);
		expect(await statusOf(certHeader(client.certificate + ca))).toBe(200);
		expect(await statusOf(certHeader(client.certificate))).toBe(200);
	});

	it('keeps no secret of a request', async () => {
		const emulator = await emulatorWith();
		await images(emulator, jpeg('x'));
		const [recorded] = emulator.requests;
		expect(recorded).toMatchObject({ authorization: 'apiKey', hasClientCertHeader: false });
		expect(JSON.stringify(recorded)).not.toContain(emulator.apiKey);
		expect(recorded?.authorizationSha256).toHaveLength(64);
	});

	it('reads a refused batch whole, or answers early', async () => {
		const large = { ...jpeg(''), content: Buffer.alloc(32 * 1024 * 1024) };
		for (const refuseEarly of [false, true]) {
			const emulator = await emulatorWith({ refuseEarly });
			const headers = bearer('enterprise-wrong');
			const answer = await post(emulator, '/batch_image', formOf([large]), headers);
			expect(answer.status).toBe(401);
		}
	});
});

describe('the TLS handshake', () => {
	it('takes a client certificate where one is demanded', async () => {
		const emulator = await emulatorWith({ clientCertificate: 'handshake' });
		const { ca, client, expiredClient, otherClient } = emulator.certificates;
		const statusOf = async (connect: Record<string, unknown>) =>
			(await post(emulator, '/batch_image', formOf([jpeg('x')]), {}, agent({ ca, ...connect })))
				.status;
		const own = { cert: client.certificate, key: client.key };
		expect(await statusOf({})).toBe(403);
		expect(await statusOf(own)).toBe(200);
		expect(emulator.requests[1]).toMatchObject({
			handshakeCertificate: 'registered',
			tlsVersion: 'TLSv1.3',
		});
		const { encryptedKey, passphrase } = client;
		expect(await statusOf({ ...own, key: encryptedKey, passphrase })).toBe(200);
		expect(await statusOf({ cert: otherClient.certificate, key: otherClient.key })).toBe(403);
		expect(await statusOf({ cert: expiredClient.certificate, key: expiredClient.key })).toBe(403);
	});

	it('fails by itself where that is wanted', async () => {
		const emulator = await emulatorWith({ clientCertificate: 'both', refuseInHandshake: true });
		const { ca, client } = emulator.certificates;
		const form = formOf([jpeg('x')]);
		await expect(post(emulator, '/batch_image', form, {}, agent({ ca }))).rejects.toThrow();
		const own = agent({ ca, cert: client.certificate, key: client.key });
		const header = certHeader(client.certificate);
		expect((await post(emulator, '/batch_image', form, {}, own)).status).toBe(403);
		expect((await post(emulator, '/batch_image', form, header, own)).status).toBe(200);
	});

	it('serves IPv6 too', async () => {
		const emulator = await emulatorWith({ tls: true, host: '::1' });
		const { ca } = emulator.certificates;
		const response = await fetch(`${emulator.url}/health`, { dispatcher: agent({ ca }) });
		expect(response.status).toBe(200);
	});
});

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

	it('gives a status with its headers, for one request and not the next', async () => {
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
		{ kind: 'truncatedAnswer' },
	])('ends the connection: %j', async (fault) => {
		for (const tls of [false, true]) {
			const emulator = await faulty(fault, { tls });
			const dispatcher = agent({ ca: emulator.certificates.ca });
			const sent = post(emulator, '/batch_image', formOf([large]), {}, dispatcher);
			await expect(sent).rejects.toThrow();
			const again = await post(emulator, '/batch_image', formOf([large]), {}, dispatcher);
			expect([again.status, emulator.requests[0]?.aborted]).toEqual([200, false]);
		}
	});

	it.each(['lingering', 'abrupt'] as const)('answers early, %s', async (early) => {
		const emulator = await faulty({ kind: 'status', status: 401, early });
		expect((await images(emulator, large)).status).toBe(401);
	});

	it.each<[Fault, number, RegExp]>([
		[{ kind: 'invalidJson' }, 200, /^\{"batch_results": \[/],
		[{ kind: 'html200' }, 200, /<html>/],
		[{ kind: 'wrongSchema' }, 200, /"results"/],
		[{ kind: 'hugeText', megabytes: 2 }, 500, /^[^]{1900000,}$/],
		[{ kind: 'status', status: 503, html: '<h1>x</h1>' }, 503, /<h1>/],
	])('answers wrongly: %j', async (fault, status, text) => {
		const answer = await images(await faulty(fault), jpeg('x'));
		expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(text)]);
	});

	it('changes the results', async () => {
		const positions = async (fault: Fault) =>
			(await images(await faulty(fault), jpeg('x'), jpeg('y'))).json.batch_results.map(
				(result: any) => result.batch_position,
			);
		expect(await positions({ kind: 'results', change: withoutPositions(0) })).toEqual([1]);
		expect(await positions({ kind: 'results', change: withContradiction(1) })).toEqual([0, 1, 1]);
	});

	it('never answers, until the emulator closes', async () => {
		const emulator = await faulty({ kind: 'hang', afterBytes: Infinity });
		const sent = images(emulator, jpeg('x'));
		sent.catch(() => {});
		while (emulator.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		await emulator.close();
		await expect(sent).rejects.toThrow();
		expect([emulator.inFlight, emulator.mostInFlight]).toEqual([0, 1]);
	});

	it('reads slowly', async () => {
		const emulator = await faulty({ kind: 'slowRead', bytesPerSecond: 40 * 1024 * 1024 });
		const startedAt = performance.now();
		expect((await images(emulator, large)).status).toBe(200);
		expect(performance.now() - startedAt).toBeGreaterThan(150);
	});

	it('refuses every batch that holds a poisoned file', async () => {
		const emulator = await emulatorWith();
		emulator.misbehave(poison(({ size }) => size === 5));
		const answer = await images(emulator, jpeg('x'), jpeg('yy'));
		expect(answer).toMatchObject({ status: 400, json: { detail: 'cannot decode image' } });
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

	it('hides no breach of the contract', async () => {
		const emulator = await faulty({ kind: 'status', status: 503 });
		expect((await images(emulator, { ...jpeg('x'), name: 'a.gif' })).status).toBe(400);
	});

	it('may befall any path', async () => {
		const emulator = await emulatorWith();
		emulator.misbehaveAt('/status', () => ({ kind: 'html200' }));
		const answer = await fetch(`${emulator.url}/status`);
		expect(await answer.text()).toContain('<html>');
	});
});

describe('what is recorded', () => {
	it('tells a client that left', async () => {
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
		// The socket's own end comes a moment after the request's.
		while (emulator.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
	});

	it('shows the use of connections and how many requests ran at once', async () => {
		const emulator = await emulatorWith({ latencyMs: 20 });
		const dispatcher = new Agent({ connections: 3 });
		open.push(dispatcher);
		const send = () => post(emulator, '/batch_image', formOf([jpeg('x')]), {}, dispatcher);
		await Promise.all(Array.from({ length: 9 }, send));
		expect([emulator.connections, emulator.mostInFlight, emulator.inFlight]).toEqual([3, 3, 0]);
		expect(new Set(emulator.requests.map(({ remotePort }) => remotePort)).size).toBe(3);
	});
});

describe('the raw server', () => {
	it('sends what HTTP servers do not', async () => {
		const server = await startRawServer(async (connection, index) => {
			if (index === 0) return connection.write('HTP/9 what\r\n\r\n');
			if (index === 1) {
				await connection.readBytes(1000);
				return connection.reset();
			}
			const { headers } = await connection.readHead();
			expect(headers['content-length']).toBe('5000000');
			if (index === 2) {
				await connection.respond('HTTP/1.1 401 Unauthorized', '{}', { Connection: 'close' });
				return connection.halfClose();
			}
			await connection.readBody();
			return connection.respond('HTTP/1.1 200 OK', 'fine');
		});
		open.push(server);
		const body = Buffer.alloc(5_000_000);
		const send = async () => {
			const response = await fetch(server.url, { method: 'POST', body, dispatcher: agent() });
			return `${response.status} ${await response.text()}`;
		};
		await expect(send()).rejects.toThrow();
		await expect(send()).rejects.toThrow();
		expect(await send()).toBe('401 {}');
		expect(await send()).toBe('200 fine');
		expect(server.connections.map(({ failure }) => failure)).toEqual(Array(4).fill(undefined));
	});

	it('resets under TLS too', async () => {
		const { server: identity, ca } = (await emulatorWith()).certificates;
		const tls = { key: identity.key, cert: identity.certificate };
		const server = await startRawServer((connection) => connection.reset(), { tls });
		open.push(server);
		await expect(fetch(server.url, { dispatcher: agent({ ca }) })).rejects.toMatchObject({
			cause: { code: 'ECONNRESET' },
		});
	});
});

it('random numbers are the same for the same seed', () => {
	const draw = () => Array.from({ length: 5 }, seededRandom(7));
	expect(draw()).toEqual(draw());
});
