import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IExecuteFunctions } from 'n8n-workflow';
import { PNG } from '../../../client/files/fileType';
import type { BinarySource } from '../../../nodes/shared/input/content/binarySource';
import { KeptBudget, KeptContents } from '../../../nodes/shared/input/content/keptContents';
import { streamSource } from '../../../nodes/shared/input/content/streamSource';
import { picture, store } from './storedFile';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;

async function contentOf(source: BinarySource): Promise<Buffer> {
	const reader = await source.open(signal);
	const target = Buffer.alloc(source.size + 1);
	const count = await reader.read(target);
	await reader.close();
	return target.subarray(0, count);
}

it('reads a small file from storage once, however often it is used', async () => {
	const content = picture(MIB);
	const { asked, helpers } = store(content);
	const file = { helpers, id: 'database:1', expectedSize: content.length };
	const source = await streamSource(file, new KeptContents(new KeptBudget()));
	expect(source).toMatchObject({ size: MIB, found: { format: PNG } });
	for (let time = 0; time < 3; time++) expect(content.equals(await contentOf(source))).toBe(true);
	expect(asked).toEqual({ streams: 1, metadata: 0 });
});

it('reads it again after it was released', async () => {
	const content = picture(5_000);
	const { asked, helpers } = store(content);
	const file = { helpers, id: 'database:1', expectedSize: content.length };
	const source = await streamSource(file, new KeptContents(new KeptBudget()));
	source.release?.();
	expect(content.equals(await contentOf(source))).toBe(true);
	expect(asked.streams).toBe(2);
});

it('finds the size by itself if n8n has a wrong one, or none', async () => {
	const content = picture(5_000);
	for (const expectedSize of [undefined, 0, 4_999, 5_001, 10 * MIB]) {
		const { helpers } = store(content);
		const source = await streamSource(
			{ helpers, id: 'database:1', expectedSize },
			new KeptContents(new KeptBudget()),
		);
		expect(source.size).toBe(5_000);
		expect(content.equals(await contentOf(source))).toBe(true);
	}
});

it('keeps at most 64 MiB, and reuses the space of released files', async () => {
	const kept = new KeptContents(new KeptBudget());
	const content = picture(MIB);
	const { asked, helpers } = store(content);
	const look = () => streamSource({ helpers, id: 'database:1', expectedSize: MIB }, kept);
	const sources: BinarySource[] = [];
	for (let n = 0; n < 65; n++) sources.push(await look());
	expect(sources.filter(({ release }) => release)).toHaveLength(64);
	expect(content.equals(await contentOf(sources[64] as BinarySource))).toBe(true);
	expect(asked.streams).toBe(66);

	sources[0]?.release?.();
	sources[0]?.release?.();
	expect([(await look()).release, (await look()).release]).toEqual([
		expect.any(Function),
		undefined,
	]);
});

it('has room again after a file that could not be read', async () => {
	const kept = new KeptContents(new KeptBudget());
	const { helpers } = store(picture(MIB));
	const getBinaryStream = () => Promise.reject(new Error('the connection was closed'));
	const broken = { ...helpers, getBinaryStream } as IExecuteFunctions['helpers'];
	const look = async (from: IExecuteFunctions['helpers']) =>
		await streamSource({ helpers: from, id: 'database:1', expectedSize: MIB }, kept);
	for (let n = 0; n < 64; n++) await expect(look(broken)).rejects.toThrow('closed');
	expect((await look(helpers)).release).toBeDefined();
});

it('keeps no more than that if files are read in parallel', async () => {
	const kept = new KeptContents(new KeptBudget());
	const { helpers } = store(picture(MIB));
	const look = () => streamSource({ helpers, id: 'database:1', expectedSize: MIB }, kept);
	const sources = await Promise.all(Array.from({ length: 100 }, look));
	expect(sources.filter(({ release }) => release)).toHaveLength(64);
});

it('keeps no more than that for all runs of a process together', async () => {
	const budget = new KeptBudget();
	const { helpers } = store(picture(MIB));
	const file = { helpers, id: 'database:1', expectedSize: MIB };
	const [first, second] = [new KeptContents(budget), new KeptContents(budget)];
	const sources: BinarySource[] = [];
	for (let n = 0; n < 64; n++) sources.push(await streamSource(file, first));
	expect((await streamSource(file, second)).release).toBeUndefined();
	sources[0]?.release?.();
	expect((await streamSource(file, second)).release).toBeDefined();
	expect((await streamSource(file, first)).release).toBeUndefined();
});

/** Reads a file. Returns its source, and a weak reference to the memory of its content. */
async function lookWeakly(size: number): Promise<[BinarySource, WeakRef<object>]> {
	const kept = new KeptContents(new KeptBudget());
	const memory: WeakRef<object>[] = [];
	const read = kept.read.bind(kept);
	kept.read = async (...file) => {
		const content = await read(...file);
		if (content) memory.push(new WeakRef(content.buffer));
		return content;
	};
	const { helpers } = store(picture(size));
	const look = () => streamSource({ helpers, id: 'database:1', expectedSize: size }, kept);
	// A plan only keeps the functions that open and release the file.
	const { open, release } = await look();
	for (let n = 0; n < 100; n++) (await look()).release?.();
	return [{ open, release } as BinarySource, memory[0] as WeakRef<object>];
}

function garbageCollector(): () => void {
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc') as () => void;
}

it.each([20_000, MIB])(
	'bug: frees the memory of a file of %d bytes when it is released',
	async (size) => {
		const collectGarbage = garbageCollector();
		const [source, memory] = await lookWeakly(size);
		await new Promise(setImmediate);
		collectGarbage();
		expect(memory.deref()).toBeDefined();
		source.release?.();
		await new Promise(setImmediate);
		collectGarbage();
		expect(memory.deref()).toBeUndefined();
		expect(source.open).toBeDefined();
	},
);

it('has room again when a run has ended without releasing its files', async () => {
	const collectGarbage = garbageCollector();
	const budget = new KeptBudget();
	const { helpers } = store(picture(MIB));
	const look = async (kept: KeptContents) =>
		(await streamSource({ helpers, id: 'database:1', expectedSize: MIB }, kept)).release;
	const runThatEndsEarly = async () => {
		const kept = new KeptContents(budget);
		for (let n = 0; n < 64; n++) await look(kept);
		expect(await look(kept)).toBeUndefined();
	};
	await runThatEndsEarly();
	const next = new KeptContents(budget);
	expect(await look(next)).toBeUndefined();
	await new Promise(setImmediate);
	collectGarbage();
	// The registry calls back in a task of its own.
	await new Promise((resolve) => setTimeout(resolve, 10));
	expect(await look(next)).toBeDefined();
	expect(await look(next)).toBeDefined();
});
