import { brotliCompressSync, gzipSync } from 'node:zlib';
import { decodeContent } from '../../../../client/http/contentCoding';

const TEXT = Buffer.from('{"batch_results": []}');
const MAX_BYTES = 1_000;

const decode = async (bytes: Buffer, header?: string) =>
	(await decodeContent(bytes, header, MAX_BYTES)).toString();

it.each([
	['nothing', TEXT, undefined],
	['the coding identity', TEXT, 'identity'],
	['an unknown coding', TEXT, 'zstd'],
	['gzip by its old name, in capital letters', gzipSync(TEXT), 'X-GZIP'],
	['two codings', gzipSync(brotliCompressSync(TEXT)), 'br, gzip'],
	['a header that stayed after decoding', TEXT, 'gzip'],
])('reads %s', async (_, bytes, header) => {
	expect(await decode(bytes, header)).toBe(TEXT.toString());
});

it("bug: doesn't decode very many layers", async () => {
	let layers: Buffer = TEXT;
	for (let layer = 0; layer < 600; layer++) layers = gzipSync(layers, { level: 0 });
	expect(await decode(layers, Array(600).fill('gzip').join(', '))).toBe('');
});

it('reads nothing beyond the limit', async () => {
	expect(await decode(gzipSync(Buffer.alloc(MAX_BYTES + 1)), 'gzip')).toBe('');
	expect(await decode(gzipSync(Buffer.alloc(MAX_BYTES, 'x')), 'gzip')).toHaveLength(MAX_BYTES);
});
