import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { PNG } from '../../../client/files/fileType';
import { KeptBudget, KeptContents } from '../../../nodes/shared/input/content/keptContents';
import { streamSource } from '../../../nodes/shared/input/content/streamSource';
import { picture, store } from './storedFile';

const MIB = 1024 * 1024;

/** Too large to be kept, whatever n8n has noted. */
const NOT_KEPT = 10 * MIB;

it.each([
	['a large file in one piece', 2 * MIB, 2 * MIB, { streams: 1, metadata: 0 }],
	['a large file in several pieces', 2 * MIB, 64 * 1024, { streams: 1, metadata: 1 }],
	['a small file in one piece', 9_000, 9_000, { streams: 1, metadata: 0 }],
	['a small file in several pieces', 9_000, 1_000, { streams: 1, metadata: 0 }],
	['a file that ends with the first bytes', 16 * 1024, 1024, { streams: 1, metadata: 0 }],
	['one byte more', 16 * 1024 + 1, 1024, { streams: 1, metadata: 1 }],
])('%s is looked at once, and its size found', async (_, size, pieceBytes, expected) => {
	const content = picture(size);
	const { asked, helpers, streams } = store(content, pieceBytes);
	const file = { helpers, id: 'database:1', expectedSize: NOT_KEPT };
	const source = await streamSource(file, new KeptContents(new KeptBudget()));
	expect(source).toMatchObject({ size, found: { format: PNG } });
	expect(source.head.equals(content.subarray(0, 16 * 1024))).toBe(true);
	expect(asked).toEqual(expected);
	expect(streams[0]?.destroyed).toBe(true);
});

it('an empty file has no bytes', async () => {
	const { helpers } = store(Buffer.alloc(0), 1);
	const file = { helpers, id: 'database:1', expectedSize: NOT_KEPT };
	const { size, head } = await streamSource(file, new KeptContents(new KeptBudget()));
	expect([size, head.length]).toEqual([0, 0]);
});

it('a stream that fails after the look does not matter', async () => {
	const { helpers, streams } = store(picture(2 * MIB), 64 * 1024);
	const file = { helpers, id: 'database:1', expectedSize: NOT_KEPT };
	await streamSource(file, new KeptContents(new KeptBudget()));
	// Without a listener, this would end the process.
	expect(() => streams[0]?.emit('error', new Error('connection reset'))).not.toThrow();
});

it('a stream that fails during the look fails it', async () => {
	const getBinaryStream = async () =>
		Readable.from(
			(async function* () {
				yield picture(1_000);
				throw new Error('connection reset');
			})(),
		);
	const { helpers } = store(picture(1_000), 1_000);
	const broken = { ...helpers, getBinaryStream } as IExecuteFunctions['helpers'];
	const file = { helpers: broken, id: 'database:1', expectedSize: NOT_KEPT };
	const kept = new KeptContents(new KeptBudget());
	await expect(streamSource(file, kept)).rejects.toThrow('connection reset');
});
