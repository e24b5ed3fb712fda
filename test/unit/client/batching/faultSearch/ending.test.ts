import { BatchHistory } from '../../../../../client/sending/batchHistory';
import { CRASH, failsOn, isDown, range, scene } from './scene';

it.each([
	['the run stops on failures', { stopOnFailure: true }, {}, false],
	['the whole service is the cause', {}, { isSevere: true }, false],
	['the run has stopped', {}, {}, true],
])('fails a batch instead of putting it aside if %s', async (_, settings, more, isStopped) => {
	const { run, search, sent, failed, failedBatch } = scene(isDown, settings);
	if (isStopped) run.stop(CRASH);
	const history = new BatchHistory(0);
	await search.begin(failedBatch({ files: [0, 1] }, { history, ...more }));
	expect(failed).toEqual([[0, 1]]);
	expect(sent).toEqual([]);
});

describe('retries', () => {
	it("come from the run's budget, and the batch keeps the cost", async () => {
		const { search, failedBatch } = scene(failsOn(0));
		const whole = failedBatch({ files: [0, 1] });
		await search.begin(whole);
		expect(whole.history.retryCost).toBeGreaterThan(0);
	});

	it.each([
		['the batch has none left', new BatchHistory(2, 2), true],
		['the run has none left', new BatchHistory(4, 2), false],
	])('leave a batch aside if %s', async (_, history, hasBudget) => {
		const { run, search, sent, failed, failedBatch } = scene(failsOn(0));
		while (!hasBudget && run.budget.take('other') > 0);
		await search.begin(failedBatch({ files: [0, 1] }, { history }));
		expect([sent, failed]).toEqual([[], []]);
		await search.finish();
		expect(failed).toEqual([[0, 1]]);
	});
});

describe('after a stop', () => {
	it('nothing more is sent', async () => {
		const { run, search, sent, failed, failedBatch } = scene(() => {
			run.stop(CRASH);
			return 'fails';
		});
		await search.begin(failedBatch({ files: range(0, 8) }));
		expect(sent).toHaveLength(1);
		expect(run.counts.split).toBe(1);
		expect(failed).toEqual([]);
	});

	it('a search that waits ends without an error', async () => {
		const { run, search, sent, failedBatch } = scene(isDown);
		const searching = search.begin(failedBatch({ files: range(0, 8) }));
		await Promise.resolve();
		run.stop(CRASH);
		await searching;
		expect(sent).toEqual([]);
	});

	it('a canceled run ends with the reason for the cancellation', async () => {
		const { run, search, failedBatch } = scene(isDown);
		const searching = search.begin(failedBatch({ files: range(0, 8) }));
		await Promise.resolve();
		run.abort(new Error('canceled'));
		await expect(searching).rejects.toThrow('canceled');
	});
});
