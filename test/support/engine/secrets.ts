import type { Emulator } from '../emulator';

/**
 * All texts that can be reached from a value, including properties that aren't enumerable, symbols,
 * maps, sets, and the causes and stacks of errors.
 */
export function allTextIn(value: unknown, seen = new Set<unknown>()): string {
	if (typeof value !== 'object' || value === null) {
		return typeof value === 'function' ? '' : String(value);
	}
	if (seen.has(value)) return '';
	seen.add(value);
	if (Buffer.isBuffer(value)) return value.toString('latin1');
	const inside: unknown[] = Reflect.ownKeys(value).flatMap((key) => [
		String(key),
		read(value, key),
	]);
	if (value instanceof Map) inside.push(...value.keys(), ...value.values());
	if (value instanceof Set) inside.push(...value);
	return inside.map((each) => allTextIn(each, seen)).join('\n');
}

function read(object: object, key: PropertyKey): unknown {
	try {
		return Reflect.get(object, key);
	} catch {
		return undefined;
	}
}

/** Texts that may appear only in requests, and their base64. */
export function secretsOf({ apiKey, client, certificates }: Emulator): string[] {
	const { passphrase, key, encryptedKey } = certificates.client;
	const keyLines = [key, encryptedKey].map((pem) => pem.split('\n')[2] as string);
	const plain = [apiKey, client.secret, passphrase, ...keyLines];
	return plain.flatMap((text) => [text, Buffer.from(text).toString('base64').replace(/=+$/, '')]);
}
