import { NoAnswerError, StorageWatch } from '../../../nodes/shared/input/content/storageWatch';

const never = () => new Promise<never>(() => {});
const soon = async () => 'content';

it('fails a file after its timeout', async () => {
	const watch = new StorageWatch(20);
	await expect(watch.within(never)).rejects.toThrow(NoAnswerError);
	expect(await watch.within(soon)).toBe('content');
});

it("passes on the storage's errors", async () => {
	const watch = new StorageWatch(1_000);
	const gone = async () => {
		throw new Error('ENOENT');
	};
	await expect(watch.within(gone)).rejects.toThrow('ENOENT');
});

it("bug: leaves n8n a thread, and doesn't read a thousand files from storage that is dead", async () => {
	const watch = new StorageWatch(20);
	let asked = 0;
	const ask = () => {
		asked++;
		return never();
	};
	const files = Array.from({ length: 1_000 }, () => watch.within(ask));
	const results = await Promise.allSettled(files);
	expect(results.every(({ status }) => status === 'rejected')).toBe(true);
	expect(asked).toBe(3);
	await expect(watch.within(ask)).rejects.toThrow(NoAnswerError);
	expect(asked).toBe(3);
});

it('continues while the storage responds', async () => {
	const watch = new StorageWatch(20);
	const files = Array.from({ length: 500 }, (_, n) =>
		watch.within<string>(n === 10 || n === 20 ? never : soon),
	);
	const results = await Promise.allSettled(files);
	expect(results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([10, 20]);
});

it('continues when the storage is back', async () => {
	const watch = new StorageWatch(20);
	const releases: (() => void)[] = [];
	const hang = () => new Promise<void>((resolve) => releases.push(resolve));
	const files = Array.from({ length: 3 }, () => watch.within(hang));
	await Promise.allSettled(files);
	await expect(watch.within(soon)).rejects.toThrow(NoAnswerError);
	releases[0]?.();
	await Promise.resolve();
	expect(await watch.within(soon)).toBe('content');
});

it('has no more than three files open at once', async () => {
	const watch = new StorageWatch(1_000);
	let open = 0;
	let highest = 0;
	const look = async () => {
		highest = Math.max(highest, ++open);
		await new Promise((resolve) => setImmediate(resolve));
		open--;
	};
	await Promise.all(Array.from({ length: 50 }, () => watch.within(look)));
	expect(highest).toBe(3);
});
