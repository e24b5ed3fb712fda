import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';

/** A store that gives only streams, in pieces of this size, and counts what it is asked for. */
export function store(content: Buffer, pieceBytes = content.length) {
	const asked = { streams: 0, metadata: 0 };
	const streams: Readable[] = [];
	const helpers = {
		getBinaryStream: async () => {
			asked.streams++;
			const pieces: Buffer[] = [];
			for (let at = 0; at < content.length; at += pieceBytes) {
				pieces.push(content.subarray(at, at + pieceBytes));
			}
			const stream = Readable.from(pieces);
			streams.push(stream);
			return stream;
		},
		getBinaryMetadata: async () => {
			asked.metadata++;
			return { fileSize: content.length };
		},
	} as unknown as IExecuteFunctions['helpers'];
	return { asked, helpers, streams };
}

/** A PNG by its first bytes. */
export function picture(size: number): Buffer {
	return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(size - 8, 'x')]);
}
