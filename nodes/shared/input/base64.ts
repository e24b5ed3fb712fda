/** Characters that stand for three bytes. */
const GROUP = 4;

/** Base64 without what people and tools put into it: line breaks, a data URL's beginning. */
export function normaliseBase64(text: string): string {
	// A search for what does not belong there: matching a whole file would exhaust the stack.
	const end = text.search(/[^A-Za-z0-9+/_-]/);
	const isClean = end === -1 || (end >= text.length - 2 && /^=+$/.test(text.slice(end)));
	return isClean ? text : text.replace(/^data:[^,]*,/, '').replace(/[^A-Za-z0-9+/_-]+/g, '');
}

/** Bytes that a clean base64 text stands for. */
export function base64Length(text: string): number {
	const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	return Math.floor(((text.length - padding) * 3) / GROUP);
}

/**
 * Decodes piece by piece into the caller's memory, so that the whole never exists twice.
 *
 * @returns a function that fills its target from where the last call ended, and says how many bytes
 */
export function base64Reader(text: string): (target: Buffer) => number {
	let offset = 0;
	/** Bytes of a group of which the last target held only the beginning. */
	let rest: Buffer = Buffer.alloc(0);
	return (target) => {
		let filled = rest.copy(target);
		rest = rest.subarray(filled);
		const groups = Math.floor((target.length - filled) / 3);
		if (groups > 0) {
			const end = offset + groups * GROUP;
			filled += target.write(text.slice(offset, end), filled, 'base64');
			offset = Math.min(end, text.length);
		}
		if (filled < target.length && offset < text.length && rest.length === 0) {
			const group = Buffer.from(text.slice(offset, offset + GROUP), 'base64');
			offset += GROUP;
			const copied = group.copy(target, filled);
			rest = group.subarray(copied);
			filled += copied;
		}
		return filled;
	};
}
