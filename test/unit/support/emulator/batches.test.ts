import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type FormData, fetch, request } from 'undici';
import { type EmulatorOptions, verdictOf } from '../../../support/emulator';
import { agent, emulatorWith, formOf, ftyp, images, jpeg, post } from './client';

describe('a good batch', () => {
	it('gets a verdict for each file, which depends only on its content', async () => {
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

	it('has its results in a random order, which is the same for the same seed', async () => {
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
		['MP4 with another first brand', ftyp('3gp4', 'isom3gp4'), 'video/mp4', 'a.MP4'],
		['MOV', ftyp('qt  '), 'video/quicktime', 'a.mov'],
		['MOV without ftyp', Buffer.from('\0\0\0\u0008wide\0\0\0\0mdat'), 'video/quicktime', 'a.mov'],
		['AVI', Buffer.from('RIFF\0\0\0\0AVI LIST'), 'video/x-msvideo', 'a.avi'],
	])('of a video: %s', async (_name, content, type, name) => {
		const emulator = await emulatorWith();
		const form = formOf([{ content, type, name }], 'videos');
		const { status, json } = await post(emulator, '/batch_video', form);
		expect([status, json.request_id]).toEqual([200, expect.stringMatching(/^batch_vid_/)]);
	});

	it('has a unique ID, also after a reset', async () => {
		const emulator = await emulatorWith();
		const first = await images(emulator, jpeg('x'));
		emulator.reset();
		expect(emulator.requests).toEqual([]);
		const second = await images(emulator, jpeg('x'));
		expect(second.json.request_id).not.toBe(first.json.request_id);
	});

	it('needs no hash of the content if nothing is verified', async () => {
		const emulator = await emulatorWith({ verify: 'none' });
		const { json } = await images(emulator, jpeg('x'), jpeg('yy'));
		expect(json.batch_count).toBe(2);
		expect(emulator.requests[0]?.files.map(({ size }) => size)).toEqual([5, 6]);
	});
});

describe('the contract', () => {
	const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
	const heic = { content: ftyp('heic', 'mif1isom'), type: 'video/mp4', name: 'a.mp4' };
	it.each<[string, string, FormData, RegExp]>([
		['wrong field', '/batch_image', formOf([jpeg('x')], 'image'), /Unexpected field/],
		['no file', '/batch_image', formOf([]), /No images|parsing/],
		['51 images', '/batch_image', formOf(Array(51).fill(jpeg('x'))), /At most 50/],
		['21 videos', '/batch_video', formOf(Array(21).fill(heic), 'videos'), /At most 20/],
		[
			'unknown format',
			'/batch_image',
			formOf([{ ...jpeg(''), content: Buffer.from('GIF89a') }]),
			/Unsupported/,
		],
		['picture as a video', '/batch_video', formOf([heic], 'videos'), /Unsupported/],
		['empty file', '/batch_image', formOf([{ ...jpeg(''), content: Buffer.alloc(0) }]), /Empty/],
		[
			'wrong Content-Type',
			'/batch_image',
			formOf([{ ...jpeg(''), content: png, name: 'a.png' }]),
			/Content-Type/,
		],
		['wrong extension', '/batch_image', formOf([{ ...jpeg('x'), name: 'a.png' }]), /extension/],
		['no extension', '/batch_image', formOf([{ ...jpeg('x'), name: 'a' }]), /extension/],
	])('refuses: %s', async (_name, path, form, reason) => {
		const emulator = await emulatorWith();
		const response = await post(emulator, path, form);
		expect(response.status).toBe(400);
		expect(response.json.detail).toMatch(reason);
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
		const response = await post(emulator, '/batch_image', broken, { headers: type });
		expect([response.status, response.json.detail]).toEqual([
			400,
			expect.stringMatching(/parsing/),
		]);
	});

	it('requires a Content-Length, and refuses a chunked body', async () => {
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

	it('refuses a body that is too large before reading it, and the response arrives', async () => {
		const emulator = await emulatorWith({ maxRequestBytes: 1000 });
		const large = { ...jpeg(''), content: Buffer.alloc(32 * 1024 * 1024) };
		const response = await images(emulator, large);
		expect([response.status, emulator.requests[0]?.files]).toEqual([413, []]);
	});

	it('has no other paths and methods', async () => {
		const emulator = await emulatorWith();
		const unknown = await post(emulator, '/v2/batch_image', formOf([jpeg('x')]));
		expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining('<html>')]);
		expect((await fetch(`${emulator.url}/batch_image`)).status).toBe(405);
	});

	it('has single-file endpoints', async () => {
		const emulator = await emulatorWith();
		const image = await post(emulator, '/image', jpeg('x').content, {
			headers: { 'content-type': 'image/jpeg' },
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
