import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { HEAD_BYTES, recognize } from '../../../../client';
import { readBase64 } from './base64';
import type { BinarySource } from './binarySource';
import { diskSource } from './diskSource';
import { readBytes, type InlineContent } from './inlineContent';
import type { KeptContents } from './keptContents';
import { isModeWord, isStoredModeWord } from './lostId';
import { streamSource } from './streamSource';

/** Why a binary object leads to no content. */
export class NoContentError extends Error {
	constructor(readonly reason: 'lostId' | 'badBase64' | 'noFileContent') {
		super(reason);
	}
}

type Helpers = IExecuteFunctions['helpers'];

/**
 * The one place that decides how a file is read: straight from disk if it lies there, through n8n's
 * streams from any other store. Content that the item itself carries is decoded when its turn comes.
 *
 * @throws NoContentError for a binary object that leads to no content
 */
export async function readBinarySource(
	helpers: Helpers,
	binary: IBinaryData,
	kept: KeptContents,
): Promise<BinarySource> {
	const source = await (binary.id ? storedSource(helpers, binary, kept) : inlineSource(binary));
	// In combined workflows n8n stores what it takes for the content, before this node sees it.
	if (isStoredModeWord(source.head, source.size)) throw new NoContentError('lostId');
	return source;
}

async function storedSource(
	helpers: Helpers,
	{ id = '', bytes }: IBinaryData,
	kept: KeptContents,
): Promise<BinarySource> {
	const mode = id.split(':', 1)[0] ?? '';
	const expectedSize = isSize(bytes) ? bytes : undefined;
	return mode.startsWith('filesystem')
		? await diskSource(helpers.getBinaryPath(id), expectedSize, kept)
		: await streamSource({ helpers, id, expectedSize }, kept);
}

/** Older versions of n8n note none, and a Code node may put anything there. */
function isSize(bytes: unknown): bytes is number {
	return Number.isSafeInteger(bytes) && (bytes as number) >= 0;
}

async function inlineSource(binary: IBinaryData): Promise<BinarySource> {
	const { size, open: openContent, readAt } = readInline(binary);
	const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
	await openContent().read(head);
	return {
		size,
		head,
		found: await recognize({
			size,
			head,
			readAt: readAt && (async (...place) => readAt(...place)),
		}),
		open: async () => openContent(),
	};
}

/** A Code node may put the content itself, or anything else, where the binary object should be. */
function readInline(binary: unknown): InlineContent {
	const { data = binary } = Object(binary) as { data?: unknown };
	if (typeof data !== 'string') return readBytes(data) ?? fail('noFileContent');
	if (isModeWord(data)) fail('lostId');
	return readBase64(data) ?? fail('badBase64');
}

function fail(reason: NoContentError['reason']): never {
	throw new NoContentError(reason);
}
