import type { FileBytes } from './fileBytes';
import type { OtherFile } from './recognized';

/** With files in it, empty, and as one part of several. */
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];
const EBML_START = '\x1aE\xdf\xa3';
const ASF_START = '0&\xb2u\x8ef\xcf\x11';

/** What a ZIP archive contains, by the names of its first entries. */
const ZIP_CONTENTS: readonly (readonly [RegExp, OtherFile])[] = [
	[
		/\[Content_Types\]\.xml|_rels\/\.rels|docProps\//,
		{ kind: 'document', name: 'Microsoft Office' },
	],
	[/mimetypeapplication\/vnd\.oasis/, { kind: 'document', name: 'OpenDocument' }],
	[/mimetypeapplication\/epub/, { kind: 'document', name: 'EPUB' }],
	[/Index\/Document\.iwa/, { kind: 'document', name: 'Apple iWork' }],
];

/** Windows Media's IDs of video and audio streams. */
const ASF_PICTURE = '\xc0\xef\x19\xbcM[\xcf\x11';
const ASF_SOUND = '@\x9ei\xf8M[\xcf\x11';

/** How far into a video its list of tracks may be. */
const TRACK_BYTES = 64 * 1024;

/** Recognizes archives and videos whose first bytes alone don't show what they contain. */
export async function recognizeContainer(bytes: FileBytes): Promise<OtherFile | undefined> {
	const text = bytes.head.toString('latin1');
	if (ZIP_STARTS.some((start) => text.startsWith(start))) {
		const content = ZIP_CONTENTS.find(([pattern]) => pattern.test(text));
		return content?.[1] ?? { kind: 'archive', name: 'ZIP' };
	}
	if (!text.startsWith(EBML_START) && !text.startsWith(ASF_START)) return undefined;
	const further = await bytes.at(0, Math.min(bytes.size, TRACK_BYTES));
	return recognizeVideo(further?.toString('latin1') ?? text);
}

/** Matroska's tracks name their codecs: 'V_VP9', 'A_OPUS'. */
function recognizeVideo(text: string): OtherFile {
	const isAsf = text.startsWith(ASF_START);
	const ebmlName = text.slice(0, 64).includes('webm') ? 'WebM' : 'Matroska';
	const name = isAsf ? 'WMV' : ebmlName;
	const hasPicture = isAsf ? text.includes(ASF_PICTURE) : /V_[A-Z0-9/]{3}/.test(text);
	const hasSound = isAsf ? text.includes(ASF_SOUND) : /A_[A-Z0-9/]{3}/.test(text);
	return hasSound && !hasPicture
		? { kind: 'noPicture', container: name, hasSound }
		: { kind: 'video', name };
}
