import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const INFLATE = promisify(inflate);
const INFLATE_RAW = promisify(inflateRaw);

/** Gateways compress a response once, or a second time if it was compressed already. */
const MAX_CODINGS = 2;

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
	gzip: promisify(gunzip),
	'x-gzip': promisify(gunzip),
	br: promisify(brotliDecompress),
	// Some servers leave out the zlib header that the standard requires.
	deflate: (bytes, options) =>
		INFLATE(bytes, options).catch(async () => await INFLATE_RAW(bytes, options)),
};

/**
 * Decompresses a response's body. Some gateways compress responses although they were not asked to.
 *
 * @param header `Content-Encoding`
 * @param maxBytes limit for the decoded body; a longer one, or one with too many codings, becomes empty
 */
export async function decodeContent(
	bytes: Buffer,
	header: string | undefined,
	maxBytes: number,
): Promise<Buffer> {
	const codings = (header ?? '')
		.split(',')
		.map((coding) => coding.trim().toLowerCase())
		.filter((coding) => coding !== '' && coding !== 'identity');
	// Decoding very many would take time that no timeout limits.
	if (codings.length > MAX_CODINGS) return Buffer.alloc(0);
	let decoded = bytes;
	// They are listed in the order in which they were applied.
	for (const coding of codings.reverse()) {
		const decode = DECODERS[coding];
		if (!decode) continue;
		try {
			decoded = await decode(decoded, { maxOutputLength: maxBytes });
		} catch (error) {
			const code = isNativeError(error) && 'code' in error && error.code;
			// Some gateways decompress a body but leave the header in place.
			return code === 'ERR_BUFFER_TOO_LARGE' ? Buffer.alloc(0) : bytes;
		}
	}
	return decoded;
}
