import { failsOn, range, scene } from './scene';

it('finds the file on which the server fails, and checks the others', async () => {
	const { run, search, sent, failed, failedBatch } = scene(failsOn(5));
	await search.begin(failedBatch({ files: range(0, 8) }));
	// The file is sent twice, because another one may have caused the first crash.
	expect(sent).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [6, 7], [4], [5], [5]]);
	expect(failed).toEqual([[5]]);
	expect(run.counts.split).toBe(3);
});

it('finds several such files if the server responds to others in between', async () => {
	const { run, search, sent, failed, failedBatch } = scene(failsOn(0, 3));
	const whole = failedBatch({ files: range(0, 4) });
	run.service.noteSign(0);
	await search.begin(whole);
	expect(sent).toEqual([[0, 1], [2, 3], [2], [3], [3], [0], [0], [1]]);
	expect(failed).toEqual([[3], [0]]);
});

it("doesn't fail a file that gets a response the second time", async () => {
	let times = 0;
	const { search, sent, failed, failedBatch } = scene((files) =>
		files.includes(0) && ++times < 3 ? 'fails' : 'responds',
	);
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	expect(sent).toEqual([[0, 1], [2, 3], [0], [0], [1]]);
	expect(failed).toEqual([]);
});

it('gives up a part at once if no file is the cause of its failure', async () => {
	const { search, sent, failed, failedBatch } = scene((files) =>
		files.includes(0) ? 'refuses' : 'responds',
	);
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	expect(sent).toEqual([
		[0, 1],
		[2, 3],
	]);
	expect(failed).toEqual([[0, 1]]);
});

it('searches one batch at a time, and continues with the next one after an error', async () => {
	const error = new Error('unexpected');
	let isBroken = true;
	const { search, sent, failedBatch } = scene((files) => {
		if (isBroken && files.includes(1)) throw error;
		return 'responds';
	});
	const first = search.begin(failedBatch({ files: [0, 1, 2] }));
	const second = search.begin(failedBatch({ files: [10, 11] }));
	await expect(first).rejects.toBe(error);
	isBroken = false;
	await second;
	expect(sent).toEqual([[0, 1], [10], [11]]);
});
