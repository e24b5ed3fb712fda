import type { IBinaryData } from 'n8n-workflow';
import {
	expectVerdict,
	imageNode,
	itemOf,
	requestSizes,
	useBench,
} from '../../support/engine/bench';
import { image, images, type Sample } from '../../support/engine/media';
import type { SourceItem } from '../../support/engine/standIns';

const GOES_ON = { onError: 'continueRegularOutput' } as const;
const PASS = { otherItems: 'passThrough' };

/** An item with a handmade binary object, as from a Code node. */
function made(data: unknown, more: Partial<IBinaryData> = {}): SourceItem {
	return { json: {}, rewrite: () => ({ data: { data, mimeType: 'image/png', ...more } }) };
}

const HAND_MADE = { fileName: 'photo.png' };

describe.each([
	['filesystem', {}],
	['database', {}],
	['filesystem', { binaryMode: 'combined' }],
	['database', { binaryMode: 'combined' }],
] as const)('with files in %s and settings %j', (binaryMode, settings) => {
	const bench = useBench({ binaryMode, settings });

	/** Copies some fields of the binary object, but not its ID, as many Code nodes do. */
	const copied = (sample: Sample): SourceItem => ({
		...itemOf(sample),
		rewrite: ({ data }) => ({
			data: { data: data?.data, mimeType: data?.mimeType, fileName: data?.fileName },
		}),
	});

	test.each([{}, PASS, { binaryPropertyName: '*' }, { ...PASS, binaryPropertyName: '*' }])(
		"bug: a copy without its ID doesn't count as a file of another kind: %j",
		async (parameters) => {
			const [good, lost] = images(2) as [Sample, Sample];
			const result = await bench.run(
				[itemOf(good), copied(lost)],
				[imageNode(parameters, GOES_ON)],
			);
			expectVerdict(result.items[0], good);
			expect(result.items[1]?.json.error).toMatch(
				/^The file '.*' in 'data' can't be read, because it is a copy that lost its id\. Copy the whole binary object, id included \[item 1\]$/,
			);
			expect(requestSizes(bench)).toEqual([1]);
		},
	);
});

describe('inline content', () => {
	const bench = useBench();
	const sample = image('inline');
	const base64 = sample.content.toString('base64');

	async function check(input: SourceItem, parameters = {}) {
		const result = await bench.run([input], [imageNode(parameters, GOES_ON)]);
		expect(result.error).toBeUndefined();
		return result.items[0];
	}

	test.each([
		['base64 in lines', base64.replace(/.{76}/g, '$&\r\n')],
		['base64 of a data URI', `Data:image/png;name="a,b";BASE64,${base64}`],
		['a percent-encoded data URI', encodeURIComponent(`data:image/png;base64,${base64}`)],
		['base64 in quotes, without padding', `"${base64.replace(/=+$/, '')}"\n`],
		['base64 whose + have become spaces', base64.replaceAll('+', ' ')],
		['a Buffer', sample.content],
		['a Uint8Array', new Uint8Array(sample.content)],
		['what JSON makes of a Buffer', JSON.parse(JSON.stringify(sample.content))],
		['what JSON makes of a Uint8Array', JSON.parse(JSON.stringify({ ...sample.content }))],
		['a list of bytes', [...sample.content]],
	])('bug: is read byte for byte from %s', async (_, data) => {
		expect((await check(made(data)))?.json).toMatchObject(sample.verdict);
		expect(bench.emulator.batchRequests[0]?.files[0]?.sha256).toBe(sample.sha256);
	});

	test.each([
		['a Buffer', sample.content],
		['what JSON makes of a Buffer', JSON.parse(JSON.stringify(sample.content))],
		['base64 text', base64],
	])('is read from %s instead of the binary object', async (_, data) => {
		expect((await check({ json: {}, rewrite: () => ({ data }) }))?.json).toMatchObject(
			sample.verdict,
		);
	});

	test.each([{}, PASS])('bug: is never taken from damaged base64: %j', async (parameters) => {
		for (const text of [
			`${base64.slice(0, 500)}!${base64.slice(501)}`,
			`${base64}Q`,
			'{}',
			'a b c',
		]) {
			const item = await check(made(text, HAND_MADE), parameters);
			expect(item?.json.error).toMatch(/'photo.png' in 'data' can't be read, .*not valid base64/);
		}
		expect(bench.emulator.requests).toEqual([]);
	});

	test.each([{}, PASS])('bug: is missing in an object without content: %j', async (parameters) => {
		for (const data of [null, 7, true, {}, [1, 'a'], { type: 'Buffer', data: 'x' }, undefined]) {
			const item = await check(made(data, HAND_MADE), parameters);
			expect(item?.json.error).toMatch(/'photo.png' in 'data' has no content that can be read/);
		}
		expect(bench.emulator.requests).toEqual([]);
	});

	test('an expression may give plain bytes', async () => {
		const json = { photo: JSON.parse(JSON.stringify(sample.content)) };
		const item = await check({ json }, { binaryPropertyName: '={{ $json.photo }}' });
		expect(item?.json).toMatchObject(sample.verdict);
	});
});
