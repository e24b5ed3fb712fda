import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../support/emulator';
import { imageNode, itemOf, useBench } from '../../support/engine/bench';
import { eventually } from '../../support/engine/eventually';
import { images } from '../../support/engine/media';

const bench = useBench();

/** The client's open connections, because the emulator notices the end only of those that it reads. */
function socketsTo(port: number): number {
	const node = process as unknown as { _getActiveHandles(): unknown[] };
	return node._getActiveHandles().filter((handle) => (handle as Socket).remotePort === port).length;
}

const MOMENTS: Array<[string, Fault]> = [
	['during an upload', { kind: 'slowRead', bytesPerSecond: 200_000 }],
	['while the server hangs', { kind: 'hang', afterBytes: 10_000 }],
	['while it waits for a response', { kind: 'hang', afterBytes: Infinity }],
	['while it waits for a retry', { kind: 'status', status: 503, headers: { 'Retry-After': '60' } }],
];

describe.each(MOMENTS)('a run that is canceled %s', (_, fault) => {
	test.each(['stopWorkflow', 'continueErrorOutput'] as const)(
		'ends within a second and closes its connections (%s)',
		async (onError) => {
			bench.emulator.misbehave(() => fault);
			const node = imageNode({ options: { batchSize: 10 } }, { onError });
			const run = bench.begin(
				images(40).map((sample) => itemOf(sample)),
				[node],
			);
			await eventually(() => expect(bench.emulator.requests.length).toBeGreaterThanOrEqual(2));
			await sleep(100);
			if (fault.kind !== 'status') expect(socketsTo(bench.emulator.port)).toBeGreaterThan(0);

			const start = Date.now();
			run.cancel();
			const result = await run.finished;
			expect(Date.now() - start).toBeLessThan(1_000);
			expect(result.status).not.toBe('success');
			const sent = bench.emulator.batchRequests.length;
			await eventually(() => expect(socketsTo(bench.emulator.port)).toBe(0));
			expect(bench.emulator.batchRequests).toHaveLength(sent);
		},
	);
});

// n8n shows an error if a node throws anything that says neither 'canceled' nor 'Cancelled'.
test('a canceled run is shown as canceled, not as an error', async () => {
	bench.emulator.misbehave(() => ({ kind: 'hang' }));
	const run = bench.begin(
		images(4).map((sample) => itemOf(sample)),
		[imageNode()],
	);
	await eventually(() => expect(bench.emulator.requests.length).toBe(1));
	run.cancel();
	expect((await run.finished).status).toBe('canceled');
});

test.each([
	['the workflow has timed out', 0, /timed out/],
	['a user canceled it', 60_000, /manually/],
])('bug: a run is stored with its reason: %s', async (_, msLeft, message) => {
	bench.emulator.misbehave(() => ({ kind: 'hang' }));
	const items = images(4).map((sample) => itemOf(sample));
	const timeoutAt = Date.now() + 2_000 + msLeft;
	const run = bench.begin(items, [imageNode()], { timeoutAt });
	await eventually(() => expect(bench.emulator.requests.length).toBe(1));
	await sleep(msLeft ? 0 : timeoutAt - Date.now());
	run.cancel();
	const { status, error } = await run.finished;
	expect(status).toBe('canceled');
	expect(error?.message).toMatch(message);
});

test('the next run on the same engine works', async () => {
	const result = await bench.run(
		images(3).map((sample) => itemOf(sample)),
		[imageNode()],
	);
	expect(result.error).toBeUndefined();
	expect(result.items).toHaveLength(3);
});
