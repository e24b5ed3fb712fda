import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const INFLATE = promisify(inflate);
const INFLATE_RAW = promisify(inflateRaw);

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
	gzip: promisify(gunzip),
	'x-gzip': promisify(gunzip),
	br: promisify(brotliDecompress),
	// Some servers leave the wrapper out that the standard wants.
	deflate: (bytes, options) =>
		INFLATE(bytes, options).catch(async () => await INFLATE_RAW(bytes, options)),
};

/**
 * An answer as it was before a gateway compressed it, which some do unasked.
 *
 * @param header `Content-Encoding`
 * @param mostBytes of the decoded answer; of one that is longer, nothing is left
 */
export async function decodeContent(
	bytes: Buffer,
	header: string | undefined,
	mostBytes: number,
): Promise<Buffer> {
	const codings = (header ?? '').split(',').map((coding) => coding.trim().toLowerCase());
	let decoded = bytes;
	// The last one was applied last.
	for (const coding of codings.reverse()) {
		const decode = DECODERS[coding];
		if (!decode) continue;
		try {
			decoded = await decode(decoded, { maxOutputLength: mostBytes });
		} catch (error) {
			const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
			// Some gateways decode an answer and leave the header as it was.
			return isTooLong ? Buffer.alloc(0) : bytes;
		}
	}
	return decoded;
}
