import { BatchHistory } from '../../../../../client/sending/batchHistory';
import { CRASH, failsOn, isDown, range, scene, type Server } from './scene';

describe('while the server responds to nothing', () => {
	it('stops after two parts, and fails the files when nothing else is left', async () => {
		const { search, sent, failed, failedBatch } = scene(isDown);
		await search.begin(failedBatch({ files: range(0, 8) }));
		expect(sent).toEqual([
			[0, 1, 2, 3],
			[4, 5, 6, 7],
		]);
		expect(failed).toEqual([]);
		await search.resume();
		expect(sent).toHaveLength(2);
		await search.finish();
		expect(sent).toHaveLength(2);
		expect(failed.flat().toSorted()).toEqual(range(0, 8));
	});

	it("doesn't blame a single file, but sends it again later", async () => {
		let server: Server = isDown;
		const { run, search, sent, failed, failedBatch } = scene((files) => server(files));
		await search.begin(failedBatch({ files: [0, 1, 2] }));
		expect(sent).toEqual([[0, 1], [2]]);
		server = failsOn();
		run.service.noteSign(0);
		await search.resume();
		expect(sent.slice(2)).toEqual([[2], [0], [1]]);
		expect(failed).toEqual([]);
	});

	it('searches longer after a response to one part', async () => {
		const { search, sent, failedBatch } = scene((files) => (files[0] === 0 ? 'responds' : 'fails'));
		await search.begin(failedBatch({ files: range(0, 32) }));
		expect(sent.map((files) => files.length)).toEqual([16, 16, 8, 8, 4, 4]);
	});

	it('waits twice as long after each part, up to four seconds', async () => {
		const { run, search, waits, failedBatch } = scene(isDown, {}, () => 0);
		const whole = failedBatch({ files: range(0, 64) });
		run.service.noteSign(0);
		await search.begin(whole);
		// The server has responded to something else since, so the search goes on for longer.
		for (const sign of [1, 2, 3]) {
			run.service.noteSign(sign);
			await search.resume();
		}
		expect(waits.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
		expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
		const later = scene(isDown, {}, () => 1);
		await later.search.begin(later.failedBatch({ files: range(0, 4) }));
		expect(later.waits).toEqual([500, 1_000]);
	});
});

it("doesn't wait after a part that got a response", async () => {
	const { search, waits, failedBatch } = scene(failsOn(0));
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	// [0, 1] fails, [2, 3] gets a response, [0] fails twice, [1] gets a response.
	expect(waits).toEqual([500, 1_000, 0, 500, 1_000]);
});

it.each([
	['two parts of a batch', undefined, 2],
	['four parts if the server has responded since the first failure', 'before', 4],
])('stops after %s', async (_, sign, count) => {
	const { run, search, sent, failedBatch } = scene(isDown);
	const whole = failedBatch({ files: range(0, 32) });
	if (sign) run.service.noteSign(0);
	await search.begin(whole);
	expect(sent).toHaveLength(count);
});

it('sends twelve parts at the end of a run if the server has responded since', async () => {
	const { run, search, sent, failed, failedBatch } = scene(isDown);
	const whole = failedBatch({ files: range(0, 256) }, { history: new BatchHistory(0) });
	whole.history.noteFailure(CRASH, 0);
	await search.begin(whole);
	expect(sent).toEqual([]);
	run.service.noteSign(0);
	await search.finish();
	expect(sent).toHaveLength(12);
	expect(failed.flat().toSorted((a, b) => a - b)).toEqual(range(0, 256));
});

it('continues with a batch that was put aside as soon as the server has responded, and not before', async () => {
	let server: Server = isDown;
	const { run, search, sent, failed, failedBatch } = scene((files) => server(files));
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	expect(sent).toHaveLength(2);
	await search.resume();
	expect(sent).toHaveLength(2);
	server = failsOn(3);
	run.service.noteSign(0);
	await search.resume();
	await search.finish();
	expect(failed).toEqual([[3]]);
	const checked = sent.slice(2).filter((files) => !files.includes(3));
	expect(checked.flat().toSorted()).toEqual([0, 1, 2]);
});
