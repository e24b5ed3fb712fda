import type { OtherFile } from './recognized';

/** With files in it, empty, and as one part of several. */
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];
const EBML_START = '\x1aE\xdf\xa3';

/** What lies in a ZIP archive, by the names of its first entries. */
const ZIP_CONTENTS: readonly (readonly [RegExp, OtherFile])[] = [
	[
		/\[Content_Types\]\.xml|_rels\/\.rels|docProps\//,
		{ kind: 'document', name: 'Microsoft Office' },
	],
	[/mimetypeapplication\/vnd\.oasis/, { kind: 'document', name: 'OpenDocument' }],
	[/mimetypeapplication\/epub/, { kind: 'document', name: 'EPUB' }],
	[/Index\/Document\.iwa/, { kind: 'document', name: 'Apple iWork' }],
];

/** Archives and films whose first bytes are alike, and tell by the next ones what they hold. */
export function recognizeContainer(head: Buffer): OtherFile | undefined {
	const text = head.toString('latin1');
	if (ZIP_STARTS.some((start) => text.startsWith(start))) {
		const content = ZIP_CONTENTS.find(([pattern]) => pattern.test(text));
		return content?.[1] ?? { kind: 'archive', name: 'ZIP' };
	}
	return text.startsWith(EBML_START) ? recognizeMatroska(text) : undefined;
}

/** Tracks name their codecs: 'V_VP9', 'A_OPUS'. They stand at the beginning of the file. */
function recognizeMatroska(text: string): OtherFile {
	const name = text.slice(0, 64).includes('webm') ? 'WebM' : 'Matroska';
	const isSoundAlone = /A_[A-Z]/.test(text) && !/V_[A-Z]/.test(text);
	if (isSoundAlone) return { kind: 'noPicture', container: name, hasSound: true };
	return { kind: 'video', name };
}
