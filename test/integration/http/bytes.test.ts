import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { PNG } from '../../../client/files/fileType';
import type { SourceFile } from '../../../client/files/sourceFile';
import { openDiskFile } from '../../../nodes/shared/input/binarySource';
import {
	seededRandom,
	startEmulator,
	type Emulator,
	type EmulatorOptions,
} from '../../support/emulator';
import { form, run } from '../support/run';

/** One large file of noise, of which each source is a piece: its bytes are nobody else's. */
const POOL_BYTES = 24_000_000;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'bitmind-bytes-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

type Piece = SourceFile & { sha256: string };

/** Files of 0.7 KB to 3 MB on disk, mostly small, as thumbnails and photographs are. */
async function writeFiles(count: number, seed: number): Promise<Piece[]> {
	const random = seededRandom(seed);
	const pool = Buffer.alloc(POOL_BYTES, undefined);
	for (let i = 0; i < pool.length; i += 4) pool.writeUInt32LE(Math.floor(random() * 2 ** 32), i);
	const files: Piece[] = [];
	for (let number = 0; number < count; number++) {
		const size = Math.round(700 * (3_000_000 / 700) ** (random() ** 2.2));
		const start = Math.floor(random() * (pool.length - size));
		const name = Buffer.from(`#${seed}.${number}#`);
		const content = Buffer.concat([SIGNATURE, name, pool.subarray(start, start + size)]);
		const path = join(folder, `${seed}-${number}`);
		const file = await open(path, 'w');
		await file.write(content);
		await file.close();
		files.push({
			name: `${number}.png`,
			format: PNG,
			size: content.length,
			sha256: createHash('sha256').update(content).digest('hex'),
			open: () => openDiskFile(path, content.length),
		});
	}
	return files;
}

/** Each answered request brought its files whole, in their order. */
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
	'every byte arrives as it is stored, at a server that reads slowly and fails now and then: %s',
	async (_, options, concurrency) => {
		const emulator = await startEmulator(options);
		const random = seededRandom(concurrency);
		emulator.misbehave(({ moment, index }) => {
			if (moment === 'afterBody') return undefined;
			// Some break off in the middle of an upload: what the socket still holds is then nobody's.
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

it('lengths are exact and nothing is sent in chunks of HTTP', async () => {
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
