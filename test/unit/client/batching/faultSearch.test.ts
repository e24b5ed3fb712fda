import { FaultSearch, type FailedBatch } from '../../../../client/batching/faultSearch';
import type { Batch } from '../../../../client/batching/fileQueue';
import type { Failure } from '../../../../client/model/failures';
import { BatchHistory } from '../../../../client/sending/batchHistory';
import type { RunSettings } from '../../../../client/sending/runContext';
import { testRun } from '../testRun';

const CRASH: Failure = { kind: 'unavailable', status: 500 };

/** How the server treats a part: an answer, or a failure that may be a file's fault or not. */
type Server = (files: readonly number[]) => 'answers' | 'fails' | 'refuses';

const range = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

/** Fails on each batch that holds one of these files. */
const failsOn =
	(...broken: number[]): Server =>
	(files) =>
		files.some((file) => broken.includes(file)) ? 'fails' : 'answers';
const isDown: Server = () => 'fails';

function scene(
	server: Server,
	settings: Partial<RunSettings> = {},
	random: () => number = () => 1,
) {
	const { run, clock } = testRun(settings, random);
	const sent: (readonly number[])[] = [];
	const failed: (readonly number[])[] = [];
	const waits: number[] = [];
	let lastEnd = clock.elapsed();
	const search = new FaultSearch(run, {
		send: async (batch, history) => {
			waits.push(clock.elapsed() - lastEnd);
			sent.push(batch.files);
			expect(history.sharedRetries).toBe(0);
			const end = server(batch.files);
			lastEnd = clock.elapsed();
			if (end === 'answers') {
				run.service.noteAnswer(clock.elapsed());
				return {};
			}
			return { failed: { batch, failure: CRASH, history, mayBeAFile: end === 'fails' } };
		},
		fail: ({ batch }) => failed.push(batch.files),
	});
	/** A batch that has failed for the first time now, with retries left for its halves or not. */
	const failedBatch = (batch: Partial<Batch>, more: Partial<FailedBatch> = {}): FailedBatch => {
		const history = new BatchHistory(4, 2);
		history.noteFailure(CRASH, run.service.signs);
		return {
			batch: { files: [], isFollowUp: false, ...batch },
			failure: CRASH,
			history,
			mayBeAFile: true,
			...more,
		};
	};
	return { run, search, sent, failed, waits, failedBatch };
}

it('finds the file on which the server fails, and gets the others their verdicts', async () => {
	const { run, search, sent, failed, failedBatch } = scene(failsOn(5));
	await search.begin(failedBatch({ files: range(0, 8) }));
	// The file itself is sent twice: another one may have brought the server down before.
	expect(sent).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [6, 7], [4], [5], [5]]);
	expect(failed).toEqual([[5]]);
	expect(run.counts.split).toBe(3);
});

it('finds several of them, if the server has answered others meanwhile', async () => {
	const { run, search, sent, failed, failedBatch } = scene(failsOn(0, 3));
	const whole = failedBatch({ files: range(0, 4) });
	run.service.noteSign(0);
	await search.begin(whole);
	expect(sent).toEqual([[0, 1], [2, 3], [2], [3], [3], [0], [0], [1]]);
	expect(failed).toEqual([[3], [0]]);
});

it('fails no file that is answered the second time', async () => {
	let times = 0;
	const { search, sent, failed, failedBatch } = scene((files) =>
		files.includes(0) && ++times < 3 ? 'fails' : 'answers',
	);
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	expect(sent).toEqual([[0, 1], [2, 3], [0], [0], [1]]);
	expect(failed).toEqual([]);
});

it('gives a part up at once that fails for a reason that is no file’s fault', async () => {
	const { search, sent, failed, failedBatch } = scene((files) =>
		files.includes(0) ? 'refuses' : 'answers',
	);
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	expect(sent).toEqual([
		[0, 1],
		[2, 3],
	]);
	expect(failed).toEqual([[0, 1]]);
});

describe('while the server answers nothing', () => {
	it('stops after two parts, and gives the files up when nothing else is left', async () => {
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

	it('does not hold it against a single file, which is asked for again later', async () => {
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

	it('goes on for longer once a part was answered', async () => {
		const { search, sent, failedBatch } = scene((files) => (files[0] === 0 ? 'answers' : 'fails'));
		await search.begin(failedBatch({ files: range(0, 32) }));
		expect(sent.map((files) => files.length)).toEqual([16, 16, 8, 8, 4, 4]);
	});

	it('waits between parts: twice as long each time, up to four seconds', async () => {
		const { run, search, waits, failedBatch } = scene(isDown, {}, () => 0);
		const whole = failedBatch({ files: range(0, 64) });
		run.service.noteSign(0);
		await search.begin(whole);
		// Something else was answered since: the search goes on for longer.
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

it('begins with no wait for a part after one that was answered', async () => {
	const { search, waits, failedBatch } = scene(failsOn(0));
	await search.begin(failedBatch({ files: [0, 1, 2, 3] }));
	// [0, 1] fails, [2, 3] is answered, [0] fails twice, [1] is answered.
	expect(waits).toEqual([500, 1_000, 0, 500, 1_000]);
});

it.each([
	['two', undefined, 2],
	['four, if it has answered others since the batch failed first', 'before', 4],
])('looks into parts of a silent server: %s', async (_, sign, count) => {
	const { run, search, sent, failedBatch } = scene(isDown);
	const whole = failedBatch({ files: range(0, 32) });
	if (sign) run.service.noteSign(0);
	await search.begin(whole);
	expect(sent).toHaveLength(count);
});

it('looks into twelve at the end of a run in which the server has answered since', async () => {
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

it('goes on with what was put aside as soon as the server has answered, and only then', async () => {
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
	const answered = sent.slice(2).filter((files) => !files.includes(3));
	expect(answered.flat().toSorted()).toEqual([0, 1, 2]);
});

it.each([
	['the run stops on failures', { stopOnFailure: true }, {}, false],
	['the failure is one of the whole service', {}, { isSevere: true }, false],
	['the run is stopped already', {}, {}, true],
])('gives up what would be put aside, if %s', async (_, settings, more, isStopped) => {
	const { run, search, sent, failed, failedBatch } = scene(isDown, settings);
	if (isStopped) run.stop(CRASH);
	const history = new BatchHistory(0);
	await search.begin(failedBatch({ files: [0, 1] }, { history, ...more }));
	expect(failed).toEqual([[0, 1]]);
	expect(sent).toEqual([]);
});

describe('retries', () => {
	it('takes one from the run, and gives its cost to the batch', async () => {
		const { search, failedBatch } = scene(failsOn(0));
		const whole = failedBatch({ files: [0, 1] });
		await search.begin(whole);
		expect(whole.history.retryCost).toBeGreaterThan(0);
	});

	it.each([
		['the batch has none left', new BatchHistory(2, 2), true],
		['the run has none left', new BatchHistory(4, 2), false],
	])('puts a batch aside if %s', async (_, history, hasBudget) => {
		const { run, search, sent, failed, failedBatch } = scene(failsOn(0));
		while (!hasBudget && run.budget.take('other') > 0);
		await search.begin(failedBatch({ files: [0, 1] }, { history }));
		expect([sent, failed]).toEqual([[], []]);
		await search.finish();
		expect(failed).toEqual([[0, 1]]);
	});
});

it('looks into one batch at a time, and into the next one after an error, too', async () => {
	const error = new Error('unexpected');
	let isBroken = true;
	const { search, sent, failedBatch } = scene((files) => {
		if (isBroken && files.includes(1)) throw error;
		return 'answers';
	});
	const first = search.begin(failedBatch({ files: [0, 1, 2] }));
	const second = search.begin(failedBatch({ files: [10, 11] }));
	await expect(first).rejects.toBe(error);
	isBroken = false;
	await second;
	expect(sent).toEqual([[0, 1], [10], [11]]);
});

describe('stopped', () => {
	it('sends nothing more', async () => {
		const { run, search, sent, failed, failedBatch } = scene(() => {
			run.stop(CRASH);
			return 'fails';
		});
		await search.begin(failedBatch({ files: range(0, 8) }));
		expect(sent).toHaveLength(1);
		expect(run.counts.split).toBe(1);
		expect(failed).toEqual([]);
	});

	it('ends while it waits, and without an error', async () => {
		const { run, search, sent, failedBatch } = scene(isDown);
		const searching = search.begin(failedBatch({ files: range(0, 8) }));
		await Promise.resolve();
		run.stop(CRASH);
		await searching;
		expect(sent).toEqual([]);
	});

	it('ends with the reason for which the run was canceled', async () => {
		const { run, search, failedBatch } = scene(isDown);
		const searching = search.begin(failedBatch({ files: range(0, 8) }));
		await Promise.resolve();
		run.abort(new Error('canceled'));
		await expect(searching).rejects.toThrow('canceled');
	});
});
