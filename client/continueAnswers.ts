import type { Socket } from 'node:net';

/** A whole 100 at the beginning of what has arrived. */
const CONTINUE = /^HTTP\/1\.[01] 100[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/;
const BEGINNING = /^HTTP\/1\.[01] 100/;

/** Characters that a 100 has at most, headers included. */
const LONGEST = 4096;

/**
 * A server may say '100 Continue' although nobody asked whether to go on, and a client has to bear
 * it (RFC 9110, 15.2). undici closes the connection instead, and the answer behind it is lost.
 */
export function dropContinueAnswers(socket: Socket): void {
	const read = socket.read.bind(socket);
	socket.read = (size?: number): unknown => {
		for (;;) {
			const chunk: unknown = read(size);
			if (!Buffer.isBuffer(chunk) || !BEGINNING.test(chunk.toString('latin1', 0, 12))) return chunk;
			const rest = withoutContinue(chunk);
			if (rest.length > 0) return rest;
		}
	};
}

function withoutContinue(chunk: Buffer): Buffer {
	let rest = chunk;
	for (;;) {
		const [found] = CONTINUE.exec(rest.toString('latin1', 0, LONGEST)) ?? [];
		if (!found) return rest;
		rest = rest.subarray(found.length);
	}
}
