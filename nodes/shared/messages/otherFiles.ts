import type { MediaKind, OtherFile, OtherKind } from '../../../client';
import { formats } from '../settings/description';
import { shorten } from './message';

/** What to call a file that BitMind can't check, and what to do about it. */
interface OtherFileText {
	/** Follows 'The file is'. */
	name: string;
	/** Follows 'The file', if the format is not the problem. */
	says?: string;
	/** The node that can check it after the advice was followed. */
	media?: MediaKind['name'];
	/** A sentence without its period. */
	advice: string;
}

/** Says what kind of file it is instead of one that the node takes, and what to do about it. */
export function otherFileMessage(
	other: OtherFile,
	media: MediaKind,
): { says: string; advice: string } {
	const describe = OTHER_FILE_TEXTS[other.kind] as (
		other: OtherFile,
		media: MediaKind,
	) => OtherFileText;
	const words = describe(other, media);
	const says = words.says ?? `is ${words.name}, not ${formats(media)}`;
	if (!words.media || words.media === media.name) return { says, advice: words.advice };
	const comma = words.advice.includes(',') ? ',' : '';
	return { says, advice: `${words.advice}${comma} and use ${nodeFor(words.media)}` };
}

/** The node that takes images, or videos. */
export function nodeFor(media: MediaKind['name']): string {
	return media === 'image' ? 'Batch Image Detect' : 'Batch Video Detect';
}

const LEAVE_OUT = "It can't be checked: leave such files out";
const CHECK_DOWNLOAD =
	'Its download seems to have gone wrong: open the URL in a browser, and check whether it has expired or needs a login';
/** Formats that n8n's own node can read. */
const EDITABLE = new Set(['BMP', 'TIFF']);

const OTHER_FILE_TEXTS: {
	[Kind in OtherKind]: (other: OtherFile & { kind: Kind }, media: MediaKind) => OtherFileText;
} = {
	heic: () => ({
		name: "HEIC (the iPhone's photo format)",
		media: 'image',
		advice: "Convert it to JPEG, or set the phone's camera to 'Most Compatible'",
	}),
	gif: (_, media) => ({
		name: 'GIF',
		advice:
			media.name === 'video'
				? 'Convert it to MP4'
				: "Convert it to PNG, for example with n8n's Edit Image node",
	}),
	picture: ({ name }) => ({
		name,
		media: 'image',
		advice: `Convert it to JPEG or PNG${EDITABLE.has(name) ? ", for example with n8n's Edit Image node" : ''}`,
	}),
	svg: () => ({ name: 'SVG (a drawing)', media: 'image', advice: 'Export it as PNG' }),
	video: ({ name }) => ({ name: `${name} (a video)`, media: 'video', advice: 'Convert it to MP4' }),
	unknownBrand: ({ brand }) => ({
		name: `an MP4-like file (brand '${shorten(brand)}')`,
		media: 'video',
		advice: 'Convert it to MP4',
	}),
	noPicture: ({ container, hasSound }) => ({
		name: container,
		says: hasSound
			? `contains sound, but no picture (${container})`
			: `contains no picture (${container})`,
		advice: LEAVE_OUT,
	}),
	sound: ({ name }) => ({ name: `${name} (audio)`, advice: LEAVE_OUT }),
	document: ({ name }) => ({
		name: `${name} (a document)`,
		advice: 'Take the pictures out of it, or leave such files out',
	}),
	archive: ({ name }) => ({
		name: `${name} (a compressed file)`,
		advice: "Unpack it first, for example with n8n's Compression node",
	}),
	encrypted: ({ name }) => ({
		name: `encrypted (${name})`,
		advice: 'Decrypt it first',
	}),
	webPage: ({ title }) => ({
		name: title ? `a web page ('${shorten(title)}')` : 'a web page',
		advice: CHECK_DOWNLOAD,
	}),
	xml: () => ({ name: 'XML (text)', advice: CHECK_DOWNLOAD }),
	json: () => ({
		name: 'JSON (text)',
		advice: "It may say why a download went wrong: look at it in the item's Binary tab",
	}),
	text: () => ({ name: 'plain text', advice: LEAVE_OUT }),
	base64: ({ holds }) => ({
		name: holds ? `base64 text (of a ${holds} file)` : 'base64 text',
		advice: "Decode it first, with n8n's Extract from File and Convert to File nodes",
	}),
	playlist: () => ({
		name: 'a playlist (M3U8)',
		media: 'video',
		advice: 'It only lists the parts of a video: download the video itself as MP4',
	}),
	program: () => ({ name: 'a program', advice: LEAVE_OUT }),
	appleDouble: () => ({
		name: 'a companion file of macOS',
		advice: 'It holds no picture: leave files out whose names begin with ._',
	}),
	garbled: () => ({
		name: 'damaged',
		says: 'was read as text on its way here, which damaged it',
		advice: 'Set the node that fetches it to return a file, not text',
	}),
	zeros: () => ({
		name: 'zeros',
		says: 'begins with nothing but zeros',
		advice: 'Its download or copy was not completed: get the file again',
	}),
	unknown: ({ beginsWith }) => ({
		name: `unknown or encrypted data (in hex it begins with ${beginsWith})`,
		advice: 'Open it in a viewer to find out what it is',
	}),
};
