import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { PNG } from '../../../client/files/fileType';
import type { SourceFile } from '../../../client/files/sourceFile';
import type { BinarySource } from '../../../nodes/shared/input/content/binarySource';
import { diskSource } from '../../../nodes/shared/input/content/diskSource';
import { KeptContents } from '../../../nodes/shared/input/content/keptContents';
import { streamSource } from '../../../nodes/shared/input/content/streamSource';
import {
	seededRandom,
	startEmulator,
	type Emulator,
	type EmulatorOptions,
} from '../../support/emulator';
import { form, run } from '../support/run';

/** One large file of noise. Each source is a piece of it, with unique bytes. */
const POOL_BYTES = 24_000_000;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

const pool = Buffer.alloc(POOL_BYTES);
const noise = seededRandom(1);
for (let i = 0; i < pool.length; i += 4) pool.writeUInt32LE(Math.floor(noise() * 2 ** 32), i);

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'bitmind-bytes-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

type Piece = SourceFile & { sha256: string; path: string };
type Look = (path: string, size: number, kept: KeptContents) => Promise<BinarySource>;

/** Files as n8n's database and cloud stores give them: only as streams, in chunks of any size. */
const STREAMS = {
	getBinaryStream: async (path: string) => createReadStream(path, { highWaterMark: 61_001 }),
	getBinaryMetadata: async (path: string) => ({ fileSize: (await stat(path)).size }),
} as unknown as IExecuteFunctions['helpers'];

const throughStreams = (expectedSize: number | undefined, id: string, kept: KeptContents) =>
	streamSource({ helpers: STREAMS, id, expectedSize }, kept);

/** The kinds of storage, including those for which n8n has a wrong size or none. */
const LOOKS: Look[] = [
	(path, size, kept) => diskSource(path, size, kept),
	(path, size, kept) => diskSource(path, size - 1, kept),
	(path, size, kept) => diskSource(path, size + 1, kept),
	(path, _, kept) => diskSource(path, undefined, kept),
	(path, size, kept) => throughStreams(size, path, kept),
	(path, size, kept) => throughStreams(size - 1, path, kept),
	(path, size, kept) => throughStreams(size + 1, path, kept),
	(path, _, kept) => throughStreams(undefined, path, kept),
];

/** Files of 0.7 KB to 3 MB, mostly small, like thumbnails and photos. */
async function writeFiles(count: number, seed: number, looks = LOOKS): Promise<Piece[]> {
	const kept = new KeptContents();
	const random = seededRandom(seed);
	const files: Piece[] = [];
	for (let number = 0; number < count; number++) {
		const length = Math.round(700 * (3_000_000 / 700) ** (random() ** 2.2));
		const start = Math.floor(random() * (pool.length - length));
		const name = Buffer.from(`#${seed}.${number}#`);
		const content = Buffer.concat([SIGNATURE, name, pool.subarray(start, start + length)]);
		const path = join(folder, `${seed}-${number}`);
		await writeFile(path, content);
		const look = looks[number % looks.length] as Look;
		const { size, head, found, open, release } = await look(path, content.length, kept);
		expect([size, found.format]).toEqual([content.length, PNG]);
		expect(content.subarray(0, 512).equals(head.subarray(0, 512))).toBe(true);
		const sha256 = createHash('sha256').update(content).digest('hex');
		files.push({ name: `${number}.png`, format: PNG, size, sha256, path, open, release });
	}
	return files;
}

/** Checks that each request with a response had its files complete and in order. */
function expectRightBytes(emulator: Emulator, files: readonly Piece[]): void {
	const known = new Set(files.map(({ sha256 }) => sha256));
	const answered = emulator.batchRequests.filter(({ status }) => status === 200);
	const received = answered.flatMap((request) => request.files.map(({ sha256 }) => sha256));
	expect(received.filter((sha256) => !known.has(sha256))).toEqual([]);
	expect(received).toHaveLength(files.length);
	expect(new Set(received).size).toBe(files.length);
}

const SERVERS: Array<[string, EmulatorOptions, number]> = [
	['over HTTP, one request at a time', {}, 1],
	['over HTTP, three at a time', {}, 3],
	['over TLS, one request at a time', { tls: true }, 1],
	['over TLS, three at a time', { tls: true }, 3],
];

it.each(SERVERS)(
	'every byte arrives as it is stored, even if the server reads slowly and sometimes fails: %s',
	async (_, options, concurrency) => {
		const emulator = await startEmulator(options);
		const random = seededRandom(concurrency);
		emulator.misbehave(({ moment, index }) => {
			if (moment === 'afterBody') return undefined;
			// Some break off during an upload, while the socket still holds bytes.
			if (index % 9 === 4) return { kind: 'reset', afterBytes: Math.floor(random() * 4_000_000) };
			return { kind: 'slowRead', bytesPerSecond: 150_000_000 };
		});
		const files = await writeFiles(2_500, concurrency + (options.tls ? 10 : 0));
		const { caCertificate } = { caCertificate: emulator.certificates.ca };
		const credential = form(emulator, options.tls ? { caCertificate } : {});
		const settings = { concurrency, maxBytes: 30_000_000 };
		const { outcomes } = await run(files, credential, settings);
		await emulator.close();
		expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
		const lost = emulator.batchRequests.filter(({ status }) => status !== 200);
		expect(lost.length).toBeGreaterThan(3);
		expectRightBytes(emulator, files);
	},
	120_000,
);

it('lengths are exact, and nothing uses chunked encoding', async () => {
	const emulator = await startEmulator();
	const files = await writeFiles(60, 99);
	await run(files, form(emulator));
	for (const request of emulator.batchRequests) {
		expect(request.contentLength).toBeGreaterThan(0);
		expect(request.status).toBe(200);
	}
	expectRightBytes(emulator, files);
	await emulator.close();
});

it.each([
	['on disk', LOOKS[0]],
	['in a database', LOOKS[4]],
] as Array<[string, Look]>)(
	'a small file is sent as it was first read, even if it has changed since: %s',
	async (_, look) => {
		const emulator = await startEmulator();
		const files = (await writeFiles(40, 7, [look])).filter(({ size }) => size < 1_000_000);
		for (const [index, { path, size }] of files.entries()) {
			if (index % 3 === 0) await rm(path);
			else if (index % 3 === 1) await truncate(path, 100);
			else await writeFile(path, Buffer.alloc(size, 'another content'));
		}
		const { outcomes } = await run(files, form(emulator), { maxFiles: 7 });
		await emulator.close();
		expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
		expectRightBytes(emulator, files);
	},
);

it("a large file isn't sent if its size has changed", async () => {
	const emulator = await startEmulator();
	const path = join(folder, 'large');
	const content = Buffer.concat([SIGNATURE, Buffer.alloc(1_500_000, 'large')]);
	await writeFile(path, content);
	const source = await diskSource(path, content.length, new KeptContents());
	await truncate(path, 1_000_000);
	const { outcomes } = await run([{ name: 'large.png', format: PNG, ...source }], form(emulator));
	await emulator.close();
	expect(outcomes.map(({ failure }) => failure?.kind)).toEqual(['fileChanged']);
});
