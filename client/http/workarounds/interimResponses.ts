import type { Socket } from 'node:net';

const CONTINUE = /^HTTP\/1\.[01] 100[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/;
const BEGINNINGS = ['HTTP/1.1 100', 'HTTP/1.0 100'];

/** Characters that a 100 has at most, headers included. */
const LONGEST = 4096;

/**
 * A server may say '100 Continue' although nobody asked whether to go on, and a client has to bear
 * it (RFC 9110, 15.2). undici closes the connection instead, and the answer behind it is lost.
 */
export function dropContinueAnswers(socket: Socket): void {
	const read = socket.read.bind(socket);
	/** What has arrived of a 100, or of what may become one. */
	let held: Buffer = Buffer.alloc(0);
	socket.read = (size?: number): unknown => {
		for (;;) {
			const chunk: unknown = read(size);
			if (!Buffer.isBuffer(chunk)) return chunk;
			const rest = withoutContinue(held.length > 0 ? Buffer.concat([held, chunk]) : chunk);
			held = mayBecomeContinue(rest) ? rest : Buffer.alloc(0);
			if (held.length === 0 && rest.length > 0) return rest;
		}
	};
}

function withoutContinue(bytes: Buffer): Buffer {
	let rest = bytes;
	while (beginsLikeContinue(rest)) {
		const [found] = CONTINUE.exec(rest.toString('latin1', 0, LONGEST)) ?? [];
		if (!found) break;
		rest = rest.subarray(found.length);
	}
	return rest;
}

function mayBecomeContinue(rest: Buffer): boolean {
	return rest.length > 0 && rest.length < LONGEST && beginsLikeContinue(rest);
}

function beginsLikeContinue(bytes: Buffer): boolean {
	const text = bytes.toString('latin1', 0, BEGINNINGS[0]?.length);
	return BEGINNINGS.some((beginning) => beginning.startsWith(text));
}
