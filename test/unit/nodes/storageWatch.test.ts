import { NoAnswerError, StorageWatch } from '../../../nodes/shared/input/storageWatch';

const never = () => new Promise<never>(() => {});
const soon = async () => 'content';

it('gives each file its time, and fails it then', async () => {
	const watch = new StorageWatch(20);
	await expect(watch.within(never)).rejects.toThrow(NoAnswerError);
	expect(await watch.within(soon)).toBe('content');
});

it('passes on what the storage says', async () => {
	const watch = new StorageWatch(1_000);
	const gone = async () => {
		throw new Error('ENOENT');
	};
	await expect(watch.within(gone)).rejects.toThrow('ENOENT');
});

it('does not ask a dead storage for a thousand files one by one', async () => {
	const watch = new StorageWatch(20);
	let asked = 0;
	const ask = () => {
		asked++;
		return never();
	};
	for (let file = 0; file < 1_000; file++) {
		await expect(watch.within(ask)).rejects.toThrow(NoAnswerError);
	}
	expect(asked).toBe(8);
});

it('goes on asking a storage that answers for some files', async () => {
	const watch = new StorageWatch(5);
	for (let file = 0; file < 20; file++) {
		await expect(watch.within(never)).rejects.toThrow(NoAnswerError);
		expect(await watch.within(soon)).toBe('content');
	}
});
