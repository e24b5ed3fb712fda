import type { Socket } from 'node:net';

/** A 1xx response including its headers, except 101: a switch of protocols is final. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/;
const BEGINNING = 'HTTP/1.x 1xx';

/** Maximum length of an interim response, including its headers. */
const MAX_INTERIM_BYTES = 4096;

/**
 * undici (7.30) closes the connection when a server sends '100 Continue' unasked, and the response
 * after it is lost. A client has to expect that (RFC 9110, 15.2), so this removes interim responses
 * from what undici reads. Delete it when undici skips them itself.
 */
export function dropInterimResponses(socket: Socket): void {
	const read = socket.read.bind(socket);
	/** The start of a possible interim response that has not arrived completely. */
	let held: Buffer = Buffer.alloc(0);
	socket.read = (size?: number): unknown => {
		for (;;) {
			const chunk: unknown = read(size);
			if (!Buffer.isBuffer(chunk)) return chunk;
			const rest = withoutInterim(held.length > 0 ? Buffer.concat([held, chunk]) : chunk);
			held = mayBecomeInterim(rest) ? rest : Buffer.alloc(0);
			if (held.length === 0 && rest.length > 0) return rest;
		}
	};
}

function withoutInterim(bytes: Buffer): Buffer {
	let rest = bytes;
	while (beginsLikeInterim(rest)) {
		const [found] = INTERIM.exec(rest.toString('latin1', 0, MAX_INTERIM_BYTES)) ?? [];
		if (!found) break;
		rest = rest.subarray(found.length);
	}
	return rest;
}

function mayBecomeInterim(rest: Buffer): boolean {
	return rest.length > 0 && rest.length < MAX_INTERIM_BYTES && beginsLikeInterim(rest);
}

function beginsLikeInterim(bytes: Buffer): boolean {
	const text = bytes.toString('latin1', 0, BEGINNING.length);
	const wanted = `HTTP/1.${text[7] === '0' ? 0 : 1} 1`;
	if (!wanted.startsWith(text.slice(0, wanted.length))) return false;
	const digits = text.slice(wanted.length, BEGINNING.length);
	return /^\d{0,2}$/.test(digits) && digits !== '01';
}
