/** The beginnings of MP4, MOV and AVI files, as small as possible, and as odd as a test needs them. */
export function bytes(text: string): Buffer {
	return Buffer.from(text, 'latin1');
}

/** A box of an MP4 or MOV file. `size` makes it claim another size. */
export function box(type: string, content: Buffer | string = '', size?: number): Buffer {
	const payload = typeof content === 'string' ? bytes(content) : content;
	const head = Buffer.alloc(8);
	head.writeUInt32BE(size ?? 8 + payload.length);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, payload]);
}

/** A box with its size in 64 bits. */
export function longBox(type: string, content: Buffer | string = '', size?: number): Buffer {
	const payload = typeof content === 'string' ? bytes(content) : content;
	const long = Buffer.alloc(8);
	long.writeBigUInt64BE(BigInt(size ?? 16 + payload.length));
	return box(type, Buffer.concat([long, payload]), 1);
}

export function ftyp(major: string, ...compatible: string[]): Buffer {
	return box('ftyp', `${major}\0\0\x02\0${compatible.join('')}`);
}

/** A track whose media has a handler of this type, after the boxes that usually precede it. */
export function trak(handler: string, table = 0): Buffer {
	const hdlr = box('hdlr', `\0\0\0\0mhlr${handler}\0\0\0\0`);
	const minf = box('minf', Buffer.alloc(table));
	const mdia = box('mdia', Buffer.concat([box('mdhd', Buffer.alloc(24)), hdlr, minf]));
	return box('trak', Buffer.concat([box('tkhd', Buffer.alloc(84)), mdia]));
}

export function moov(...handlers: string[]): Buffer {
	const tracks = handlers.map((handler) => trak(handler));
	return box('moov', Buffer.concat([box('mvhd', Buffer.alloc(100)), ...tracks]));
}

/** A chunk of a RIFF file, padded to an even length. */
export function chunk(type: string, content: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.write(type, 0, 'latin1');
	head.writeUInt32LE(content.length, 4);
	return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

export function list(kind: string, ...chunks: Buffer[]): Buffer {
	return chunk('LIST', Buffer.concat([bytes(kind), ...chunks]));
}

/** An AVI whose header lists streams of these types. */
export function avi(kind: string, ...streams: string[]): Buffer {
	const headers = streams.map((type) =>
		list('strl', chunk('strh', bytes(type.padEnd(56, '\0'))), chunk('strf', Buffer.alloc(17))),
	);
	const hdrl = list('hdrl', chunk('avih', Buffer.alloc(56)), ...headers);
	const movi = list('movi', Buffer.alloc(64));
	return chunk('RIFF', Buffer.concat([bytes(kind), hdrl, movi]));
}
