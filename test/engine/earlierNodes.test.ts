import type { INode } from 'n8n-workflow';
import { poison } from '../support/emulator';
import { imageNode, itemOf, useBench, videoNode } from '../support/engine/bench';
import { images, textFile, video, type Sample } from '../support/engine/media';
import { runRouted } from '../support/engine/routed';
import type { SourceItem } from '../support/engine/standIns';

const bench = useBench();
const GOES_ON = { onError: 'continueRegularOutput' } as const;
const PASS = { otherItems: 'passThrough', uncheckedRoute: 'authentic' };
const routing = (parameters = {}) =>
	videoNode({ ...PASS, routeByVerdict: true, ...parameters }, GOES_ON);

const authenticImage = images(50).find(({ verdict }) => verdict.confidence < 0.3) as Sample;

/** The output on which the only item leaves, and its fields. */
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
])(
	'bug: an item with nothing to check keeps the verdict that it carries: %j',
	async (json, output) => {
		const left = await leave({ json }, routing());
		expect(left).toMatchObject({ output, json });
	},
);

test.each([{}, { outputField: 'check' }])(
	'bug: what one node could not check the next one does not call authentic: %j',
	async (options) => {
		const broken = imageNode({ options: { ...options, aiFrom: 5 } }, GOES_ON);
		const input = itemOf(authenticImage);
		expect((await leave(input, routing({ options }), [broken])).output).toBe('Review');
	},
);

test('bug: a verdict that a later try brings is free of the error of the earlier one', async () => {
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

test('an error about another file stays, and so does the doubt', async () => {
	const clip = video('fine');
	bench.emulator.misbehave(poison(({ sha256 }) => sha256 === authenticImage.sha256));
	const files = { photo: authenticImage, clip };
	const before = imageNode({ binaryPropertyName: 'photo' }, GOES_ON);
	const left = await leave({ files }, routing({ binaryPropertyName: 'clip' }), [before]);
	expect(left.json?.error).toMatch(/\[item 0\]$/);
	expect(left.output).not.toBe('Authentic');
});

test('an error about a file that nobody has checked outlives the verdict on another', async () => {
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

test.each(['', 'null', 'no'])("a text in 'isAI' that is no verdict is none: %j", async (isAI) => {
	const left = await leave({ json: { isAI, confidence: '' } }, routing());
	expect(left).toMatchObject({ output: 'Authentic', json: { isAI: null, verdict: null } });
});

test("a field 'error' that no node of this package wrote casts no doubt", async () => {
	const node = imageNode({ routeByVerdict: true });
	const left = await leave(itemOf(authenticImage, { error: 'column of a table' }), node);
	expect(left).toMatchObject({ output: 'Authentic', json: { error: 'column of a table' } });
});
