import type { IDataObject } from 'n8n-workflow';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectVerdict, imageNode, itemOf, useBench } from '../../support/engine/bench';
import type { EngineOptions } from '../../support/engine/engine';
import { eventually } from '../../support/engine/eventually';
import { images, image, type Sample } from '../../support/engine/media';
import type { SourceItem } from '../../support/engine/standIns';

const GOES_ON = { onError: 'continueRegularOutput' } as const;

type Mode = NonNullable<EngineOptions['binaryMode']>;

const MODES: Mode[] = ['filesystem', 'database', 'default'];

describe.each(MODES)('files that n8n stores in the mode %s', (binaryMode) => {
	const bench = useBench({ binaryMode });

	test('are sent byte for byte, together with inline files', async () => {
		const samples = images(40, binaryMode);
		const result = await bench.run(
			samples.map((sample, n) => itemOf({ ...sample, inline: n % 3 === 0 })),
			[imageNode()],
		);
		expect(result.error).toBeUndefined();
		samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	});

	test('are output unchanged', async () => {
		const result = await bench.run(
			[itemOf(image()), itemOf({ ...image(), inline: true })],
			[imageNode()],
		);
		const before = result.itemsOf('Source').map(({ binary }) => binary);
		expect(result.items.map(({ binary }) => binary)).toEqual(before);
		expect(Boolean(before[0]?.data?.id)).toBe(binaryMode !== 'default');
	});

	test('are found in combined workflows', async () => {
		const samples = images(6, `combined ${binaryMode}`);
		const result = await bench.run(
			samples.map((sample, n) => itemOf({ ...sample, inline: n % 2 === 0 }, { n })),
			[imageNode()],
			{ settings: { binaryMode: 'combined' } },
		);
		expect(result.error).toBeUndefined();
		samples.forEach((sample, n) => expectVerdict(result.items[n], sample));
		expect(result.items.map(filesOf)).toEqual(result.itemsOf('Source').map(filesOf));
	});
});

function filesOf({ json, binary }: { json: IDataObject; binary?: unknown }): unknown[] {
	return [json._files, binary];
}

describe('combined workflows', () => {
	const bench = useBench({ settings: { binaryMode: 'combined' } });

	test.each(['data', '_files.data', '*', '_files.*', 'data, _files.data'])(
		'treat %p as the file in _files.data, once',
		async (binaryPropertyName) => {
			const sample = image(binaryPropertyName);
			const result = await bench.run([itemOf(sample)], [imageNode({ binaryPropertyName })]);
			expect(result.error).toBeUndefined();
			expectVerdict(result.items[0], sample);
			expect(bench.emulator.batchRequests.flatMap(({ files }) => files)).toHaveLength(1);
		},
	);

	test('keep the files if the other input fields are left out', async () => {
		const result = await bench.run(
			[itemOf(image(), { secretNote: 1 })],
			[imageNode({ options: { includeInputFields: false } })],
		);
		expect(Object.keys(result.items[0]?.json ?? {}).sort()).toEqual([
			'_files',
			'bitMind',
			'confidence',
			'isAI',
		]);
		expect(result.items[0]?.json._files).toEqual(result.itemsOf('Source')[0]?.json._files);
	});

	test("keep the files of failed items, with 'Continue' and with the error output", async () => {
		const items = [
			itemOf(image(), { n: 0 }),
			itemOf({ content: Buffer.from('text'), fileName: 'a' }, { n: 1 }),
		];
		const { result, good, bad } = await bench.runWithErrorOutput(items, imageNode());
		const before = result.itemsOf('Source').map(({ json }) => json._files);
		expect(good.map(({ json }) => json._files)).toEqual([before[0]]);
		expect(bad.map(({ json }) => [json.n, json._files])).toEqual([[1, before[1]]]);

		const regular = await bench.run(items, [imageNode({}, { onError: 'continueRegularOutput' })]);
		expect(regular.items[1]?.json._files).toMatchObject({ data: { fileName: 'a' } });
	});

	test('accept an expression that gives the file', async () => {
		const sample = image('expression');
		const node = imageNode({ binaryPropertyName: '={{ $json._files.data }}' });
		const result = await bench.run([itemOf(sample)], [node]);
		expectVerdict(result.items[0], sample);
	});
});

describe('separate workflows', () => {
	const bench = useBench();

	test('treat `_files` in the JSON as ordinary data', async () => {
		const forged = {
			data: { id: 'filesystem-v2:/etc/passwd', mimeType: 'image/png', data: 'filesystem-v2' },
		};
		const result = await bench.run([{ json: { _files: forged } }], [imageNode()]);
		expect(result.error?.message).toContain("no binary field 'data'");
		expect(bench.emulator.requests).toEqual([]);
	});
});

describe("a file that n8n's storage doesn't return", () => {
	const bench = useBench();
	const sample = image('gone');
	const inStore = (id: string): SourceItem => ({
		...itemOf(sample),
		rewrite: ({ data }) => ({ data: { ...data, id } }),
	});

	test.each([
		['was deleted', itemOf({ ...sample, onStored: rmSync }), /was deleted in the meantime/],
		['is in a store that n8n lacks', inStore('s3:abc'), /in the storage 's3', which this n8n/],
		['is a folder', inStore('filesystem-v2:workflows'), /\(EISDIR\)/],
		['has an invalid ID', inStore('filesystem-v2:'), /storage refuses it/],
	])('bug: fails in every setting, and says why: it %s', async (_, item, description) => {
		for (const otherItems of ['fail', 'passThrough']) {
			const result = await bench.run([item], [imageNode({ otherItems })]);
			expect(result.error?.message).toContain("can't be read from n8n's binary data [item 0]");
			expect((result.error as any).description).toMatch(description);
		}
	});
});

describe("a disk that doesn't respond", () => {
	const bench = useBench();
	const hung: string[] = [];

	/** A pipe that nothing writes to. Opening it waits forever, as with a network share that is gone. */
	function hangs(sample: Sample): SourceItem {
		const onStored = (path: string) => {
			rmSync(path);
			execFileSync('mkfifo', [path]);
			hung.push(path);
		};
		return itemOf({ ...sample, onStored });
	}

	afterEach(() => {
		// Otherwise Node's threads would still wait in the kernel after the tests.
		for (const path of hung.splice(0)) {
			closeSync(openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
		}
	});

	test.each([{}, { otherItems: 'passThrough' }])(
		'bug: fails its item after the timeout, and the others get their verdicts: %j',
		async (parameters) => {
			const samples = images(6, 'hung');
			const items = samples.map((sample, n) => (n === 1 ? hangs(sample) : itemOf(sample)));
			const node = imageNode({ ...parameters, options: { timeout: 2 } }, GOES_ON);
			const result = await bench.run(items, [node]);
			expect(result.items[1]?.json.error).toBe(
				`The file '${samples[1]?.fileName}' in 'data' can't be read, because n8n's storage does not respond [item 1]`,
			);
			[0, 2, 3, 4, 5].forEach((n) => expectVerdict(result.items[n], samples[n] as Sample));
		},
	);

	test('bug: fails all its items if it stays dead, and leaves n8n a thread', async () => {
		const samples = images(9, 'dead');
		const inline = { ...(samples[8] as Sample), inline: true };
		const items = [...samples.slice(0, 8).map(hangs), itemOf(inline)];
		const result = await bench.run(items, [imageNode({ options: { timeout: 1 } }, GOES_ON)]);
		for (const { json } of result.items.slice(0, 8)) {
			expect(json.error).toMatch(/n8n's storage does not respond/);
		}
		expectVerdict(result.items[8], inline);
	});

	test("doesn't hold back a canceled run", async () => {
		const [sample] = images(1);
		const run = bench.begin([hangs(sample as Sample)], [imageNode({ options: { timeout: 300 } })]);
		await eventually(() => expect(hung).toHaveLength(1));
		await sleep(100);
		run.cancel();
		expect((await run.finished).status).toBe('canceled');
	});
});
