import { bodyLimit } from '../../support/emulator';
import { imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';

const bench = useBench();
const samples = images(20);
const items = samples.map((sample) => itemOf(sample));

test('each request gets a line in the log', async () => {
	const result = await bench.run(items, [
		imageNode({ options: { batchSize: 10, concurrency: 1 } }),
	]);
	const lines = result.logLines.filter(({ message }) => message.startsWith('BitMind'));
	expect(lines.map(({ level, message }) => [level, message])).toEqual([
		[
			'info',
			expect.stringMatching(
				/^BitMind: batch 1 of 2, 10 images got a response in \d+ ms; 10 of 20 files done, 1 request, 0 retries$/,
			),
		],
		[
			'info',
			expect.stringMatching(
				/^BitMind: batch 2 of 2, 10 images got a response in \d+ ms; 20 of 20 files done, 2 requests, 0 retries$/,
			),
		],
	]);
});

test('batches that are split are counted as they come', async () => {
	bench.emulator.misbehave(bodyLimit(300_000));
	const node = imageNode({ options: { batchSize: 20, concurrency: 1 } });
	const result = await bench.run(items, [node]);
	const numbers = result.logLines.flatMap(({ message }) => {
		const [, batch, batches] = /^BitMind: batch (\d+) of (\d+),/.exec(message) ?? [];
		return batch ? [[Number(batch), Number(batches)] as const] : [];
	});
	expect(numbers.map(([batch]) => batch)).toEqual(numbers.map((_, index) => index + 1));
	expect(numbers.at(-1)?.[0]).toBe(numbers.at(-1)?.[1]);
});
