import fc from 'fast-check';
import type { IDataObject, INode } from 'n8n-workflow';
import { imageNode, videoNode } from '../../support/engine/bench';
import { images, textFile, videos, type Sample } from '../../support/engine/media';
import type { SourceItem } from '../../support/engine/standIns';

/** The kinds of files of an item. */
const FILE_KINDS = ['image', 'broken image', 'video', 'text', 'gif', 'empty'] as const;
type FileKind = (typeof FILE_KINDS)[number];

const FIELDS = ['data', 'clip', 'extra'];
const MAX_ITEMS = 5;

/** Fields from other nodes, or about files that the item no longer has. */
const FOREIGN: readonly IDataObject[] = [
	{},
	{ isAI: false, confidence: 0 },
	{ isAI: true, confidence: 0.93, verdict: 'ai' },
	{ isAI: 'false', confidence: '0.2', verdict: 'authentic' },
	{ verdict: 'authentic' },
	{ verdict: 'guilty', confidence: 12 },
	{ error: 'column of a table' },
	{
		isAI: true,
		confidence: 0.9,
		bitMind: { files: [{ field: 'gone', isAI: true, confidence: 0.9 }] },
	},
	{
		isAI: false,
		confidence: 0,
		bitMind: { files: [{ field: 'data', isAI: false, confidence: 7 }] },
	},
	{
		bitMind: {
			files: [{ field: 'data', fileName: 'other', isAI: false, confidence: 0 }, 'x', null],
		},
	},
];

const item = fc.record({
	files: fc.dictionary(fc.constantFrom(...FIELDS), fc.constantFrom(...FILE_KINDS)),
	foreign: fc.constantFrom(...FOREIGN),
});

const detectNode = fc.record({
	binaryPropertyName: fc.constantFrom('data', '*', 'data, extra', 'c*', 'mistyped'),
	otherItems: fc.constantFrom('fail', 'passThrough', 'passThrough'),
	onError: fc.constantFrom('continueRegularOutput' as const, 'continueErrorOutput' as const),
	uncheckedRoute: fc.constantFrom('review' as const, 'authentic' as const),
	typeVersion: fc.constantFrom(1, 1.1),
	simplify: fc.constantFrom(true, true, false),
	includeFiles: fc.constantFrom(true, true, true, false),
	evidence: fc.constantFrom(false, false, true),
	bands: fc.constantFrom<{ aiFrom?: number; reviewFrom?: number }>(
		{},
		{},
		{ aiFrom: 0.8 },
		{ reviewFrom: 0.1 },
		// Not a confidence, so every item of this node fails.
		{ aiFrom: 5 },
	),
});

export const chainPlan = fc.record({
	items: fc.array(item, { minLength: 1, maxLength: MAX_ITEMS }),
	kinds: fc.constantFrom(['image'], ['video'], ['image', 'video'], ['video', 'image']),
	nodes: fc.tuple(detectNode, detectNode),
	isRouting: fc.constantFrom(true, true, false),
	outputField: fc.constantFrom('', '', 'check'),
	binaryMode: fc.constantFrom('separate' as const, 'combined' as const),
});

export type ChainPlan = typeof chainPlan extends fc.Arbitrary<infer T> ? T : never;

/** The same files for all runs, because reading them takes longer than a run. */
const IMAGES = images(MAX_ITEMS * FIELDS.length, 'chains');
const VIDEOS = videos(MAX_ITEMS * FIELDS.length, 'chains');
const TEXT = textFile();

/** The API refuses files with this name. */
export const BROKEN = 'broken';

/** The items with their files, all with different content. */
export function itemsOf({ items, outputField }: ChainPlan): SourceItem[] {
	return items.map(({ files, foreign }, n) => ({
		json: outputField ? { n, [outputField]: foreign } : { n, ...foreign },
		files: Object.fromEntries(
			Object.entries(files).map(([field, kind]) => [
				field,
				fileOf(kind, n * FIELDS.length + FIELDS.indexOf(field)),
			]),
		),
	}));
}

function fileOf(kind: FileKind, place: number): Pick<Sample, 'content' | 'fileName'> {
	switch (kind) {
		case 'image':
			return IMAGES[place]!;
		case 'broken image':
			return { ...IMAGES[place]!, fileName: `${BROKEN}-${place}.jpg` };
		case 'video':
			return VIDEOS[place]!;
		case 'text':
			return TEXT;
		case 'gif':
			return { content: Buffer.from('GIF89a and more'), fileName: 'a.gif' };
		case 'empty':
			return { content: Buffer.alloc(0), fileName: 'empty.jpg' };
	}
}

/** The nodes of the chain. Only the last one may route. */
export function nodesOf({ kinds, nodes, isRouting, outputField }: ChainPlan): INode[] {
	return kinds.map((kind, index) => {
		const { onError, typeVersion, bands, includeFiles, evidence, ...parameters } = nodes[index]!;
		// Only what no later node needs may be left out.
		const isLast = index === kinds.length - 1;
		const options = {
			...bands,
			includeFiles: includeFiles || !isLast,
			evidence,
			...(outputField && { outputField }),
		};
		const routeByVerdict = isRouting && isLast;
		const build = kind === 'image' ? imageNode : videoNode;
		return build({ ...parameters, routeByVerdict, options }, { onError, typeVersion });
	});
}
