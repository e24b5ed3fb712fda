import {
	expectVerdict,
	imageNode,
	itemOf,
	requestSizes,
	useBench,
	videoNode,
} from '../../support/engine/bench';
import { eventually } from '../../support/engine/eventually';
import { images, videos } from '../../support/engine/media';

const bench = useBench();

/** Long enough that parallel requests overlap even on a busy machine. */
const slow = () => bench.emulator.misbehave(() => ({ kind: 'delay', ms: 200 }));

async function checkImages(count: number, options: Record<string, unknown>) {
	const samples = images(count);
	const result = await bench.run(
		samples.map((sample) => itemOf(sample)),
		[imageNode({ options: options as any })],
	);
	expect(result.error).toBeUndefined();
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
}

test('Batch Size is the maximum number of files in a request', async () => {
	await checkImages(10, { batchSize: 4 });
	expect(requestSizes(bench)).toEqual([2, 4, 4]);
});

test('Batch Size may be text from an expression', async () => {
	await checkImages(3, { batchSize: '={{ "2" }}' });
	expect(requestSizes(bench)).toEqual([1, 2]);
});

test.each([0.06, 0.1, 0.25])(
	'no body exceeds a Max Request Size of %d MB',
	async (maxRequestSize) => {
		await checkImages(24, { maxRequestSize });
		const largest = Math.max(...images(24).map(({ content }) => content.length));
		const lengths = bench.emulator.batchRequests.map(({ contentLength }) => contentLength ?? NaN);
		// A larger file is sent alone.
		for (const [index, length] of lengths.entries()) {
			const isAlone = bench.emulator.batchRequests[index]?.files.length === 1;
			expect(length).toBeLessThanOrEqual(isAlone ? largest + 1_000 : maxRequestSize * 1_000_000);
		}
		// Batches are as full as possible: no two consecutive ones would have fit into one.
		const total = lengths.reduce((sum, length) => sum + length, 0);
		expect(lengths.length).toBeLessThanOrEqual(Math.ceil((2 * total) / (maxRequestSize * 1e6)) + 1);
	},
);

test.each([1, 3])(
	'with %d Concurrent Requests, that many are in flight, and no more',
	async (concurrency) => {
		slow();
		await checkImages(12, { concurrency, batchSize: 2 });
		expect(bench.emulator.maxInFlight).toBe(concurrency);
	},
);

test('by default, two requests are in flight at first', async () => {
	slow();
	await checkImages(4, { batchSize: 1 });
	expect(bench.emulator.maxInFlight).toBe(2);
});

test('more requests are in flight if the service accepts them, up to eight', async () => {
	slow();
	await checkImages(40, { batchSize: 1 });
	expect(bench.emulator.maxInFlight).toBeGreaterThan(2);
	expect(bench.emulator.maxInFlight).toBeLessThanOrEqual(8);
});

test('two requests are in flight again after the service refuses more', async () => {
	bench.emulator.misbehave(({ moment }) => {
		if (moment === 'beforeBody') return undefined;
		return bench.emulator.inFlight > 2
			? { kind: 'status', status: 429 }
			: { kind: 'delay', ms: 200 };
	});
	await checkImages(30, { batchSize: 1 });
	const refused = bench.emulator.batchRequests.filter(({ status }) => status === 429);
	expect(refused.length).toBeGreaterThan(0);
	expect(refused.length).toBeLessThanOrEqual(2);
});

test('connections are reused within a run and closed with it', async () => {
	await checkImages(8, { batchSize: 1, concurrency: 1 });
	// undici opens another one if the last one is not free yet.
	expect(bench.emulator.connections).toBeLessThan(8);
	await eventually(() => expect(bench.emulator.openConnections).toBe(0));
});

test('Requests per Minute spaces requests out', async () => {
	const start = Date.now();
	await checkImages(4, { batchSize: 1, concurrency: 4, requestsPerMinute: 240 });
	expect(Date.now() - start).toBeGreaterThan(700);
});

test.each([
	['batchSize', 0, "'Batch Size' must be a whole number from 1 to 50"],
	['batchSize', 51, "'Batch Size'"],
	['batchSize', 2.5, "'Batch Size'"],
	['batchSize', '={{ "many" }}', "'Batch Size'"],
	['concurrency', 0, "'Concurrent Requests'"],
	['concurrency', 1000, "'Concurrent Requests'"],
	['maxRequestSize', -1, "'Max Request Size (MB)'"],
	['maxRetries', -1, "'Max Retries'"],
	['requestsPerMinute', -5, "'Requests per Minute'"],
	['timeout', 0, "'Timeout (Seconds)'"],
	['outputField', '={{ ({}) }}', "'Output Field'"],
	['outputField', '_files', "'Output Field'"],
	['outputField', 'error', "'Output Field'"],
	['deduplicate', '={{ "maybe" }}', "'Send Identical Files Once'"],
])('%s must not be %p, and nothing is sent', async (name, value, message) => {
	const node = imageNode({ options: { [name]: value } });
	const result = await bench.run([itemOf(images(1)[0]!)], [node]);
	expect(result.error?.message).toContain(message);
	expect(result.error?.message).toContain('[item 0]');
	expect(bench.emulator.requests).toEqual([]);

	const { bad } = await bench.runWithErrorOutput([itemOf(images(1)[0]!)], node);
	expect(bad[0]?.json.error).toBe(result.error?.message);
	expect(bench.emulator.requests).toEqual([]);
});

test('a batch of videos must not have more than 20', async () => {
	const node = videoNode({ options: { batchSize: 21 } });
	const result = await bench.run([itemOf(videos(1)[0]!)], [node]);
	expect(result.error?.message).toContain("'Batch Size' must be a whole number from 1 to 20");
});
