import { types } from 'node:util';
import type { FileReader } from '../../../../client';

/** Content that an item itself carries. The memory that holds it is never doubled. */
export interface InlineContent {
	/** Bytes. */
	size: number;
	/** Reads from the beginning. */
	open: () => FileReader;
	/** Reads anywhere, if that is cheap. */
	readAt?: (position: number, length: number) => Buffer;
}

/**
 * Bytes that an item holds as they are: a Buffer or another array of bytes of a Code node, or what
 * becomes of one on its way through JSON (`{ type: 'Buffer', data: [255, 216] }`, `{ 0: 255, 1: 216 }`).
 *
 * @returns undefined for what holds no bytes
 */
export function readBytes(value: unknown): InlineContent | undefined {
	const bytes = bytesOf(value);
	if (!bytes) return undefined;
	const { length: size } = bytes;
	const fill = (target: Buffer, position: number) => {
		const count = Math.max(0, Math.min(target.length, size - position));
		const end = position + count;
		target.set(isView(bytes) ? bytes.subarray(position, end) : bytes.slice(position, end));
		return count;
	};
	return {
		size,
		open: () => {
			let position = 0;
			const read = (target: Buffer) => {
				const count = fill(target, position);
				position += count;
				return count;
			};
			return { read, close: () => {} };
		},
		readAt: (position, length) => {
			const target = Buffer.alloc(length);
			return target.subarray(0, fill(target, position));
		},
	};
}

type Bytes = Uint8Array | readonly number[];

function isView(bytes: Bytes): bytes is Uint8Array {
	return ArrayBuffer.isView(bytes);
}

function bytesOf(value: unknown): Bytes | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	// Not by their classes: a Code node's may be of another realm.
	if (ArrayBuffer.isView(value)) {
		return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
	}
	if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
	if (Array.isArray(value)) return value.every(isByte) ? value : undefined;
	return 'type' in value && value.type === 'Buffer' && 'data' in value
		? bytesOf(value.data)
		: bytesByIndex(value);
}

/** How JSON writes a Uint8Array. */
function bytesByIndex(value: object): Bytes | undefined {
	const keys = Object.keys(value);
	const isList = keys.length > 0 && keys.every((key, index) => key === String(index));
	if (!isList) return undefined;
	return bytesOf(Object.values(value));
}

function isByte(value: unknown): value is number {
	return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xff;
}
