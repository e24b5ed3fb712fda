import { verdictOf } from '../../support/emulator';
import { IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';

const bench = useBench();
const samples = images(40);
const items = samples.map((sample, n) => itemOf(sample, { n }));

describe('paying once', () => {
	test('identical files are sent once, and each item gets its verdict, marked if it is reused', async () => {
		const doubled = [...items.slice(0, 10), ...items.slice(0, 10)];
		const result = await bench.run(doubled, [imageNode({ options: { deduplicate: true } })]);
		const sent = bench.emulator.batchRequests.flatMap(({ files }) => files);
		expect(sent).toHaveLength(10);
		result.items.forEach(({ json }, index) => {
			const sample = samples[index % 10]!;
			expect(json).toMatchObject({ ...verdictOf(sample.sha256), n: index % 10 });
			const [file] = (json.bitMind as { files: object[] }).files;
			expect(file).toMatchObject({ fileName: sample.fileName, ...sample.verdict });
			if (index < 10) expect(file).not.toHaveProperty('reused');
			else expect(file).toHaveProperty('reused', true);
		});
		expect(result.hintsOf(IMAGE)[0]?.message).toMatch(
			/^20 images checked: .*; 10 images had been seen before and were not sent\.$/,
		);
	});

	test("a scheduled workflow doesn't pay again for files that it has seen", async () => {
		const remembering = imageNode({ options: { rememberDays: 7 } });
		const first = await bench.run(items.slice(0, 20), [remembering]);
		expect(bench.emulator.batchRequests).toHaveLength(1);
		bench.emulator.reset();
		const second = await bench.run(items, [remembering], { staticData: first.staticData });
		const sent = bench.emulator.batchRequests.flatMap(({ files }) => files);
		expect(sent).toHaveLength(20);
		second.items.forEach(({ json }, index) => {
			expect(json).toMatchObject(samples[index]!.verdict);
			const [file] = (json.bitMind as { files: object[] }).files;
			const first20 = { reused: true, requestId: expect.any(String) };
			if (index < 20) expect(file).toMatchObject(first20);
			else expect(file).not.toHaveProperty('reused');
		});
	});

	test("verdicts of another API, or that are too old, don't count", async () => {
		const remembering = imageNode({ options: { rememberDays: 7 } });
		const { staticData } = await bench.run(items.slice(0, 5), [remembering]);
		const other = JSON.parse(
			JSON.stringify(staticData).replaceAll(bench.emulator.url, 'https://other.example'),
		);
		const clock = jest.spyOn(Date, 'now');
		const now = Date.now();
		for (const [kept, time] of [
			[other, now],
			[staticData, now + 8 * 24 * 3_600_000],
		] as const) {
			bench.emulator.reset();
			clock.mockReturnValue(time);
			await bench.run(items.slice(0, 5), [remembering], { staticData: kept });
			expect(bench.emulator.batchRequests).toHaveLength(1);
		}
		clock.mockRestore();
	});

	test('nothing is stored unless the option is on', async () => {
		const result = await bench.run(items.slice(0, 5), [imageNode()]);
		expect(JSON.stringify(result.staticData)).toBe('{}');
	});
});
