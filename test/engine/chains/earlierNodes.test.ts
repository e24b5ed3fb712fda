import type { INode } from 'n8n-workflow';
import { poison } from '../../support/emulator';
import { imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { images, textFile, video, videos, type Sample } from '../../support/engine/media';
import { runRouted } from '../../support/engine/routed';
import { WITHOUT_FILES, type SourceItem } from '../../support/engine/standIns';
import { node } from '../../support/engine/workflows';

const bench = useBench();
const GOES_ON = { onError: 'continueRegularOutput' } as const;
const PASS = { otherItems: 'passThrough', uncheckedRoute: 'authentic' };
const routing = (parameters = {}) =>
	videoNode({ ...PASS, routeByVerdict: true, ...parameters }, GOES_ON);

const GIF = { content: Buffer.from('GIF89a and more'), fileName: 'a.gif' };
const aiImage = images(50).find(({ verdict }) => verdict.confidence > 0.8) as Sample;
const aiVideo = videos(50).find(({ verdict }) => verdict.confidence > 0.8) as Sample;
const authenticImage = images(50).find(({ verdict }) => verdict.confidence < 0.3) as Sample;

/** The output that the only item takes, and its fields. */
async function leave(input: SourceItem, node: INode, before: INode[] = []) {
	const outputs = await runRouted(bench, [input], node, before);
	const [found] = Object.entries(outputs).filter(([, { length }]) => length > 0);
	return { output: found?.[0], json: found?.[1][0]?.json };
}

test.each([
	[{ isAI: true, confidence: 0.93, verdict: 'ai' }, 'AI Generated'],
	[{ isAI: true, confidence: '0.93' }, 'AI Generated'],
	[{ isAI: 'true', confidence: '0.5' }, 'Review'],
	[{ isAI: true }, 'AI Generated'],
	[{ isAI: true, verdict: 'ai' }, 'AI Generated'],
	[{ isAI: false }, 'Review'],
	[{ isAI: false, confidence: '0.01' }, 'Authentic'],
])('bug: an item with nothing to check keeps its verdict: %j', async (json, output) => {
	const left = await leave({ json }, routing());
	expect(left).toMatchObject({ output, json });
});

test.each([{}, { outputField: 'check' }])(
	"bug: what one node could not check isn't authentic for the next one: %j",
	async (options) => {
		const broken = imageNode({ options: { ...options, aiFrom: 5 } }, GOES_ON);
		const input = itemOf(authenticImage);
		expect((await leave(input, routing({ options }), [broken])).output).toBe('Review');
	},
);

test('bug: a verdict removes the error of an earlier attempt', async () => {
	bench.emulator.misbehave(({ index }) =>
		index === 0 ? { kind: 'status', status: 503 } : undefined,
	);
	const settings = { options: { maxRetries: 0 } };
	const firstTry = { ...imageNode(settings, GOES_ON), name: 'First Try' };
	const secondTry = imageNode({ ...settings, routeByVerdict: true }, GOES_ON);
	const left = await leave(itemOf(authenticImage), secondTry, [firstTry]);
	expect(left).toMatchObject({ output: 'Authentic', json: authenticImage.verdict });
	expect(left.json?.error).toBeUndefined();
});

test('an error about another file stays, and the item still needs review', async () => {
	const clip = video('fine');
	bench.emulator.misbehave(poison(({ sha256 }) => sha256 === authenticImage.sha256));
	const files = { photo: authenticImage, clip };
	const before = imageNode({ binaryPropertyName: 'photo' }, GOES_ON);
	const left = await leave({ files }, routing({ binaryPropertyName: 'clip' }), [before]);
	expect(left.json?.error).toMatch(/\[item 0\]$/);
	expect(left.output).not.toBe('Authentic');
});

test('an error about an unchecked file stays after the verdict on another file', async () => {
	bench.emulator.misbehave(({ index }) =>
		index === 0 ? { kind: 'status', status: 503 } : undefined,
	);
	const options = { maxRetries: 0 };
	const photo = { binaryPropertyName: 'photo', options };
	const before = [
		{ ...imageNode(photo, GOES_ON), name: 'First Try' },
		videoNode({ binaryPropertyName: 'clip' }, GOES_ON),
	];
	const last = imageNode({ ...photo, routeByVerdict: true }, GOES_ON);
	const left = await leave({ files: { photo: authenticImage, clip: textFile() } }, last, before);
	expect(left.json?.error).toMatch(/'clip' is plain text, not MP4/);
	expect(left.output).toBe('Review');
});

test.each(['', 'null', 'no'])("an 'isAI' that is not a verdict is ignored: %j", async (isAI) => {
	const left = await leave({ json: { isAI, confidence: '' } }, routing());
	expect(left).toMatchObject({ output: 'Authentic', json: { isAI: null, verdict: null } });
});

test("a field 'error' of another node is ignored", async () => {
	const node = imageNode({ routeByVerdict: true });
	const left = await leave(itemOf(authenticImage, { error: 'column of a table' }), node);
	expect(left).toMatchObject({ output: 'Authentic', json: { error: 'column of a table' } });
});

describe('isAI, confidence and verdict belong together', () => {
	const pass = { otherItems: 'passThrough', binaryPropertyName: '*' };

	test('bug: no matter which node wrote them first', async () => {
		const input = [{ files: { photo: authenticImage, clip: aiVideo } }];
		const first = imageNode({ ...pass, options: { aiFrom: 0.7 } });
		const { items } = await bench.run(input, [first, videoNode(pass)]);
		expect(items[0]?.json).toMatchObject({ ...aiVideo.verdict, verdict: 'ai' });
	});

	test('bug: with mixed items, if one node has bands', async () => {
		const input = [itemOf(authenticImage), itemOf(aiVideo), itemOf(GIF)];
		const first = imageNode({ ...pass, options: { aiFrom: 0.7 } });
		const { items } = await bench.run(input, [first, videoNode(pass)]);
		expect(items.map(({ json }) => [json.isAI, json.confidence, json.verdict])).toEqual([
			[false, authenticImage.verdict.confidence, 'authentic'],
			[true, aiVideo.verdict.confidence, 'ai'],
			[null, null, null],
		]);
	});

	test('each file is classified by the bands of its own node', async () => {
		const input = [{ files: { photo: aiImage, clip: video('low') } }];
		const strict = imageNode({ ...pass, options: { aiFrom: 1, reviewFrom: 0.5 } });
		const { items } = await bench.run(input, [strict, videoNode(pass)]);
		expect(items[0]?.json.verdict).toBe('review');
		expect(items[0]?.json.bitMind).toMatchObject({ files: [{ verdict: 'review' }, {}] });
	});
});

describe("only verdicts on the item's own files count", () => {
	test.each([
		[{ isAI: false, confidence: 0 }],
		[{ isAI: false, confidence: 0, verdict: 'authentic' }],
		[{ isAI: 'false', confidence: '0.01', bitMind: { files: [] } }],
		[
			{
				isAI: false,
				confidence: 0,
				bitMind: { files: [{ field: 'x', isAI: false, confidence: 0 }] },
			},
		],
		[
			{
				isAI: false,
				confidence: 7,
				bitMind: { files: [{ field: 'data', isAI: false, confidence: 7 }] },
			},
		],
	])('bug: a GIF with %j is not authentic, and nothing is sent', async (json) => {
		const outputs = await runRouted(
			bench,
			[itemOf(GIF, json)],
			videoNode({ otherItems: 'passThrough', routeByVerdict: true }),
		);
		expect(outputs.Authentic).toEqual([]);
		expect(outputs.Review?.[0]?.json).toMatchObject({
			isAI: null,
			confidence: null,
			verdict: null,
		});
		expect(bench.emulator.requests).toEqual([]);
	});

	test('bug: a verdict on a file that is gone no longer counts', async () => {
		const files = [{ field: 'data', isAI: true, confidence: 0.97 }];
		const json = { isAI: true, confidence: 0.97, bitMind: { files } };
		const { items } = await bench.run(
			[{ json, files: { thumb: authenticImage } }],
			[imageNode({ binaryPropertyName: 'thumb', options: { aiFrom: 0.7 } })],
		);
		expect(items[0]?.json).toMatchObject({ ...authenticImage.verdict, verdict: 'authentic' });
		expect(items[0]?.json.bitMind).toMatchObject({ files: [{ field: 'thumb' }] });
	});

	test('a verdict on another file of the same field no longer counts', async () => {
		const files = [{ field: 'data', fileName: 'then.jpg', isAI: false, confidence: 0.01 }];
		const json = { isAI: false, confidence: 0.01, bitMind: { files } };
		const node = videoNode({ otherItems: 'passThrough', routeByVerdict: true });
		const outputs = await runRouted(
			bench,
			[itemOf({ ...authenticImage, fileName: 'now.jpg' }, json)],
			node,
		);
		expect(outputs.Review?.[0]?.json).toMatchObject({ isAI: null, bitMind: { files: [] } });
	});
});

test('verdicts on files from other nodes add up along a chain', async () => {
	const files = { photo: aiImage, clip: video('low') };
	const forget = node(WITHOUT_FILES, 'Forget files');
	const given = { binaryPropertyName: '={{ $("Source").item.binary }}', otherItems: 'passThrough' };
	const { items } = await bench.run([{ files }], [forget, imageNode(given), videoNode(given)]);
	expect(items[0]?.json).toMatchObject(aiImage.verdict);
	expect(items[0]?.json.bitMind).toMatchObject({
		files: [{ field: aiImage.fileName, elsewhere: true, ...aiImage.verdict }, { elsewhere: true }],
	});
});
