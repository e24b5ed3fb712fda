import { BUFFER_BYTES, BufferRing } from '../../../../client/upload/bufferRing';
import { PIECE_BYTES } from '../../../../client/upload/pieces';
import { PNG } from '../../../../client/files/fileType';
import { MultipartFraming } from '../../../../client/upload/multipartFraming';
import { FileReadError } from '../../../../client/upload/multipartReader';
import { RequestBody } from '../../../../client/upload/requestBody';
import type { FileReader, SourceFile } from '../../../../client/files/sourceFile';

interface Behaviour {
	announced?: number;
	onOpen?: () => void | Promise<void>;
	onRead?: (offset: number) => void;
	onClose?: () => void | Promise<void>;
}

let open = 0;
let maxOpen = 0;
beforeEach(() => (open = maxOpen = 0));

/** A file whose bytes show their position. */
const byteAt = (number: number, offset: number) => (number * 41 + offset * 7 + (offset >> 9)) & 255;

function source(number: number, size: number, behavior: Behaviour = {}): SourceFile {
	return {
		name: `f${number}`,
		format: PNG,
		size: behavior.announced ?? size,
		async open(): Promise<FileReader> {
			await behavior.onOpen?.();
			maxOpen = Math.max(maxOpen, ++open);
			let offset = 0;
			return {
				read(target) {
					behavior.onRead?.(offset);
					const count = Math.min(target.length, size - offset);
					for (let i = 0; i < count; i++) target[i] = byteAt(number, offset + i);
					offset += count;
					return count;
				},
				async close() {
					await behavior.onClose?.();
					open--;
				},
			};
		},
	};
}

function body(
	files: SourceFile[],
	bufferBytes = BUFFER_BYTES,
	signal = new AbortController().signal,
) {
	const framing = new MultipartFraming('images');
	const ring = new BufferRing(bufferBytes);
	return { framing, body: new RequestBody(files, framing, { ring, signal, onProgress: () => {} }) };
}

function expected(framing: MultipartFraming, files: SourceFile[]): Buffer {
	const parts = files.flatMap((file, number) => [
		framing.before(file, number === 0),
		Buffer.from(Array.from({ length: file.size }, (_, offset) => byteAt(number, offset))),
	]);
	return Buffer.concat([...parts, framing.end()]);
}

/** A socket that releases a chunk one tick after it takes the next one. */
async function send(body: RequestBody): Promise<{ sent: Buffer; sizes: number[] }> {
	const copies: Buffer[] = [];
	const sizes: number[] = [];
	for await (const chunk of body) {
		await new Promise((resolve) => setImmediate(resolve));
		copies.push(Buffer.from(chunk));
		sizes.push(chunk.length);
	}
	return { sent: Buffer.concat(copies), sizes };
}

it.each([1, 2, 61, 100, 511, 512, 513, 4096, 65_536])(
	'sends the same bytes, exactly as many as announced, with buffers of %i bytes',
	async (bufferBytes) => {
		const sizes = [0, 1, 2, 99, 100, 101, 511, 512, 513, 1024, 3];
		const files = sizes.map((size, number) => source(number, size));
		const { framing, body: sending } = body(files, bufferBytes);
		const { sent } = await send(sending);
		expect(sent.equals(expected(framing, files))).toBe(true);
		expect(sending.contentLength).toBe(sent.length);
		expect(sending.isUploaded).toBe(true);
		expect(open).toBe(0);
	},
);

it('sends chunks of the buffer size when the connection proves to be fast', async () => {
	const { body: sending } = body([source(0, 3 * BUFFER_BYTES + 5), source(1, 700)]);
	const { sizes } = await send(sending);
	const pieces = Array<number>(BUFFER_BYTES / PIECE_BYTES).fill(PIECE_BYTES);
	expect(sizes.slice(0, -1)).toEqual([...pieces, BUFFER_BYTES, BUFFER_BYTES]);
});

it('sends small pieces on a slow connection, because only a sent piece counts as progress', async () => {
	const { framing, body: sending } = body([source(0, 2 * BUFFER_BYTES)]);
	let progress = 0;
	const copies: Buffer[] = [];
	for await (const chunk of sending) {
		// 128 KiB in 35 ms are less than 4 MiB in a second.
		await new Promise((resolve) => setTimeout(resolve, 35));
		copies.push(Buffer.from(chunk));
		progress = Math.max(progress, chunk.length);
	}
	expect(progress).toBe(PIECE_BYTES);
	expect(Buffer.concat(copies).equals(expected(framing, [source(0, 2 * BUFFER_BYTES)]))).toBe(true);
});

it('closes its file even if the body is not read to its end', async () => {
	const { body: sending } = body([source(0, 10 * BUFFER_BYTES)]);
	const chunks = sending[Symbol.asyncIterator]();
	await chunks.next();
	await chunks.next();
	expect(open).toBe(1);
	await sending.close();
	expect(open).toBe(0);
});

it("doesn't wait for storage that never opens a file after the request has ended", async () => {
	const controller = new AbortController();
	let arrive = () => {};
	const late = new Promise<void>((resolve) => (arrive = resolve));
	const { body: sending } = body([source(0, 10, { onOpen: () => late })], 100, controller.signal);
	const chunks = sending[Symbol.asyncIterator]();
	const first = chunks.next();
	controller.abort(new Error('canceled'));
	await expect(first).rejects.toThrow('canceled');
	await sending.close();
	arrive();
	await new Promise((resolve) => setImmediate(resolve));
	expect(maxOpen).toBe(1);
	expect(open).toBe(0);
});

it('copies small chunks, because a socket may still hold them', async () => {
	const files = Array.from({ length: 40 }, (_, number) => source(number, 900));
	const { framing, body: sending } = body(files, 1_000);
	const kept: Buffer[] = [];
	for await (const chunk of sending) kept.push(chunk);
	expect(Buffer.concat(kept).equals(expected(framing, files))).toBe(true);
});

it('opens one file after another, never more than two', async () => {
	const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
	const files = Array.from({ length: 30 }, (_, number) =>
		source(number, number * 37, { onClose: slowly }),
	);
	await send(body(files).body);
	expect(maxOpen).toBe(2);
	expect(open).toBe(0);
});

it.each([
	['shorter', 99, 100],
	['much shorter', 0, 100],
	['longer', 101, 100],
	['much longer', 5_000_000, 100],
	['longer than nothing', 1, 0],
])('notices a file that is %s than announced', async (_, size, announced) => {
	const { body: sending } = body([source(0, 50), source(1, size, { announced }), source(2, 50)]);
	await expect(send(sending)).rejects.toThrow(FileReadError);
	expect(sending.fileError).toMatchObject({ position: 1, reason: 'changed' });
	expect(sending.isUploaded).toBe(false);
	await sending.close();
	expect(open).toBe(0);
});

const broken = () => {
	throw new Error('EIO');
};
it.each([
	['opened', { onOpen: broken }],
	['read at all', { onRead: broken }],
	['read to its end', { onRead: (offset: number) => (offset > 0 ? broken() : undefined) }],
])("names the file that can't be %s", async (_, behavior) => {
	const files = [source(0, 50), source(1, 3_000_000, behavior), source(2, 50)];
	const { body: sending } = body(files);
	await expect(send(sending)).rejects.toThrow(FileReadError);
	expect(sending.fileError).toMatchObject({ position: 1, reason: 'unreadable' });
	await sending.close();
	expect(open).toBe(0);
});

it.each([0, 1, 2])(
	"bug: a file that can't be closed (%i) is still sent, and the body ends",
	async (position) => {
		const unhandled: unknown[] = [];
		const note = (error: unknown) => unhandled.push(error);
		process.on('unhandledRejection', note);
		const files = [0, 1, 2].map((number) =>
			source(number, 50, number === position ? { onClose: broken } : {}),
		);
		const { framing, body: sending } = body(files);
		const { sent } = await send(sending);
		expect(sent.equals(expected(framing, files))).toBe(true);
		await sending.close();
		await new Promise((resolve) => setTimeout(resolve, 5));
		process.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
	},
);

it('closes its file when the body is abandoned', async () => {
	const { body: sending } = body([source(0, 10 * BUFFER_BYTES)]);
	for await (const chunk of sending) {
		expect(chunk.length).toBeGreaterThan(0);
		break;
	}
	await sending.close();
	expect(open).toBe(0);
	expect(sending.isUploaded).toBe(false);
});

it('opens no more files after an abort, and blames no file', async () => {
	const controller = new AbortController();
	const files = [
		source(0, 10),
		source(1, 10, { onOpen: () => controller.abort(new Error('end')) }),
	];
	const third = source(2, 10, { onOpen: broken });
	const { body: sending } = body([...files, third], 64, controller.signal);
	await expect(send(sending)).rejects.toThrow('end');
	expect(sending.fileError).toBeUndefined();
	await sending.close();
	expect(open).toBe(0);
});

it('can be closed before it is read', async () => {
	await body([source(0, 10)]).body.close();
});
