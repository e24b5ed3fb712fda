import type { SourceFile } from './sourceFile';

/** Long enough to recognize a file in BitMind's messages. Some gateways refuse long header lines. */
const MAX_NAME_LENGTH = 100;

/**
 * The name under which a file is sent: the last part of its path, without anything that could end
 * its header line or its quoted string, and with the extension of its real format.
 */
export function fileNameToSend(file: Pick<SourceFile, 'name' | 'format'>): string {
	const lastPart = file.name.split(/[\\/]/).pop() ?? '';
	const harmless = lastPart.replace(/[\p{C}\p{Zl}\p{Zp}"'`<>|:*?;%\uFFFD]+/gu, '_').trim();
	const stem = harmless.replace(/\.[A-Za-z][A-Za-z0-9]{0,4}$/, '').replace(/^\.+|[.\s]+$/g, '');
	const short = Array.from(stem).slice(0, MAX_NAME_LENGTH).join('');
	return `${short || 'file'}.${extensionOf(file)}`;
}

function extensionOf({ name, format }: Pick<SourceFile, 'name' | 'format'>): string {
	const given = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase();
	return given && format.extensions.includes(given) ? given : format.extensions[0];
}
