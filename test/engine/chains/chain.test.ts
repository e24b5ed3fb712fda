import {
	expectVerdict,
	IMAGE,
	imageNode,
	itemOf,
	useBench,
	videoNode,
} from '../../support/engine/bench';
import { images, image, textFile, video, videos } from '../../support/engine/media';

const bench = useBench();
const passThrough = { otherItems: 'passThrough' };

test('with mixed items through both nodes, each file keeps the verdict of its own node', async () => {
	const pictures = images(6);
	const films = videos(6);
	const items = pictures.flatMap((picture, n) => [
		itemOf(picture, { kind: 'picture', n }),
		itemOf(films[n]!, { kind: 'film', n }),
		{ json: { kind: 'none', n } },
		itemOf(textFile(), { kind: 'text', n }),
	]);
	const result = await bench.run(items, [imageNode(passThrough), videoNode(passThrough)]);

	expect(result.error).toBeUndefined();
	expect(result.items.map(({ json }) => [json.kind, json.n])).toEqual(
		items.map(({ json }: any) => [json.kind, json.n]),
	);
	result.items.forEach((item, index) => {
		const { kind, n } = item.json as { kind: string; n: number };
		if (kind === 'picture') expectVerdict(item, pictures[n]!);
		else if (kind === 'film') expectVerdict(item, films[n]!);
		else expect(item.json).toEqual({ kind, n, isAI: null, confidence: null });
		expect(item.pairedItem).toEqual({ item: index });
	});
	expect(bench.emulator.batchRequests.map(({ path }) => path)).toEqual([
		'/batch_image',
		'/batch_video',
	]);
});

test("the order of the two nodes doesn't matter", async () => {
	const [picture, film] = [image(), video()];
	const result = await bench.run(
		[itemOf(picture), itemOf(film)],
		[videoNode(passThrough), imageNode(passThrough)],
	);
	expectVerdict(result.items[0], picture);
	expectVerdict(result.items[1], film);
});

test('an item with an image and a video has both verdicts after the chain, and their summary', async () => {
	const pairs = images(4).map((picture, n) => ({ picture, film: videos(4)[n]! }));
	const all = { ...passThrough, binaryPropertyName: '*' };
	const result = await bench.run(
		pairs.map((files) => ({ files: { ...files, notes: textFile() } })),
		[imageNode(all), videoNode(all)],
	);

	expect(result.error).toBeUndefined();
	pairs.forEach(({ picture, film }, index) => {
		expect(result.itemsOf(IMAGE)[index]?.json).toMatchObject(picture.verdict);
		expect(result.items[index]?.json).toMatchObject({
			isAI: picture.verdict.isAI || film.verdict.isAI,
			confidence: Math.max(picture.verdict.confidence, film.verdict.confidence),
			bitMind: {
				files: [
					{ field: 'picture', ...picture.verdict },
					{ field: 'film', ...film.verdict },
				],
			},
		});
		expect(Object.keys(result.items[index]?.binary ?? {})).toEqual(['picture', 'film', 'notes']);
	});
});

test("a second node that fails for an item withdraws the item's verdict, not the file's", async () => {
	const [picture, film] = [image(), video()];
	bench.emulator.misbehave(({ path }) =>
		path === '/batch_video'
			? { kind: 'status', status: 422, json: { detail: 'cannot decode' } }
			: undefined,
	);
	const result = await bench.run(
		[{ files: { picture, film } }],
		[
			imageNode({ binaryPropertyName: 'picture' }),
			videoNode({ binaryPropertyName: 'film' }, { onError: 'continueRegularOutput' }),
		],
	);
	const [item] = result.items;
	expect(item?.json.error).toContain('cannot decode');
	expect(item?.json.isAI).toBeUndefined();
	expect(item?.json.bitMind).toMatchObject({
		files: [{ field: 'picture', ...picture.verdict }, { field: 'film' }],
	});
});
