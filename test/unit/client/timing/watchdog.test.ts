import { Watchdog } from '../../../../client/timing/watchdog';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const reason = () => new Error('too slow');

it('aborts an operation without progress, with its reason', async () => {
	const watchdog = new Watchdog(new AbortController().signal, 20, reason);
	expect(watchdog.signal.aborted).toBe(false);
	await sleep(60);
	expect(watchdog.signal.reason).toMatchObject({ message: 'too slow' });
	watchdog.dispose();
});

it('starts again after each progress', async () => {
	const watchdog = new Watchdog(new AbortController().signal, 150, reason);
	for (let i = 0; i < 6; i++) {
		await sleep(50);
		watchdog.progress();
	}
	expect(watchdog.signal.aborted).toBe(false);
	watchdog.dispose();
});

it("follows its parent, and keeps the parent's reason", async () => {
	const parent = new AbortController();
	const watchdog = new Watchdog(parent.signal, 5, reason);
	parent.abort(new Error('canceled'));
	await sleep(20);
	expect(watchdog.signal.reason).toMatchObject({ message: 'canceled' });
	watchdog.dispose();
	const late = new Watchdog(parent.signal, 1_000, reason);
	expect(late.signal.reason).toMatchObject({ message: 'canceled' });
	late.dispose();
});

it('leaves no timer and no listener behind', async () => {
	const parent = new AbortController();
	const add = jest.spyOn(parent.signal, 'addEventListener');
	const remove = jest.spyOn(parent.signal, 'removeEventListener');
	const before = timers();
	const watchdogs = Array.from({ length: 10 }, () => new Watchdog(parent.signal, 60_000, reason));
	expect(timers()).toBe(before + 10);
	for (const watchdog of watchdogs) watchdog.dispose();
	for (const watchdog of watchdogs) watchdog.progress();
	expect(timers()).toBe(before);
	expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
});

it('aborts everything that still uses its signal when it is disposed', () => {
	const watchdog = new Watchdog(new AbortController().signal, 60_000, reason);
	watchdog.dispose();
	expect(watchdog.signal.aborted).toBe(true);
});
