import { SYSTEM_CLOCK } from '../../../../client/timing/clock';

const NEVER = new AbortController().signal;

it('bug: measures durations with a clock that is never set back', () => {
	jest.useFakeTimers({ doNotFake: ['performance'] });
	try {
		const before = SYSTEM_CLOCK.elapsed();
		jest.setSystemTime(Date.now() - 3_600_000);
		expect(SYSTEM_CLOCK.elapsed()).toBeGreaterThanOrEqual(before);
	} finally {
		jest.useRealTimers();
	}
});

it('waits as long as it is told to', async () => {
	const start = performance.now();
	await SYSTEM_CLOCK.sleep(20, NEVER);
	expect(performance.now() - start).toBeGreaterThanOrEqual(19);
});

// Node's timers fire at once if they are to wait for more than 2^31 milliseconds.
it.each([2 ** 31, 2 ** 40, Number.MAX_VALUE])(
	'bug: waits for %d milliseconds, unless the wait is aborted',
	async (milliseconds) => {
		const controller = new AbortController();
		let isOver = false;
		const waiting = SYSTEM_CLOCK.sleep(milliseconds, controller.signal).finally(() => {
			isOver = true;
		});
		await SYSTEM_CLOCK.sleep(20, NEVER);
		expect(isOver).toBe(false);
		controller.abort(new Error('canceled'));
		await expect(waiting).rejects.toThrow('canceled');
	},
);
