import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const INFLATE = promisify(inflate);
const INFLATE_RAW = promisify(inflateRaw);

/** Gateways compress a response once, or what was compressed already once more. */
const MAX_CODINGS = 2;

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
	gzip: promisify(gunzip),
	'x-gzip': promisify(gunzip),
	br: promisify(brotliDecompress),
	// Some servers leave out the wrapper that the standard asks for.
	deflate: (bytes, options) =>
		INFLATE(bytes, options).catch(async () => await INFLATE_RAW(bytes, options)),
};

/**
 * A response's body as it was before a gateway compressed it, which some do unasked.
 *
 * @param header `Content-Encoding`
 * @param maxBytes of the decoded body; nothing is left of one that is longer or coded too often
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
	// Each of very many would cost time that no timeout sees.
	if (codings.length > MAX_CODINGS) return Buffer.alloc(0);
	let decoded = bytes;
	// The last one was applied last.
	for (const coding of codings.reverse()) {
		const decode = DECODERS[coding];
		if (!decode) continue;
		try {
			decoded = await decode(decoded, { maxOutputLength: maxBytes });
		} catch (error) {
			const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
			// Some gateways decode a body and leave the header as it was.
			return isTooLong ? Buffer.alloc(0) : bytes;
		}
	}
	return decoded;
}
