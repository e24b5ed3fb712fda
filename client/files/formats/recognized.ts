import type { FileFormat } from './fileFormat';

/** What a file is, by its bytes alone. Names and MIME types from elsewhere are hearsay. */
export type Recognized =
	{ format: FileFormat; other?: undefined } | { format?: undefined; other: OtherFile };

/** A file that BitMind can't check. `name` is the proper name of a format. */
export type OtherFile =
	| { kind: 'picture' | 'video' | 'sound' | 'document' | 'archive' | 'encrypted'; name: string }
	| {
			kind:
				| 'gif'
				| 'heic'
				| 'svg'
				| 'xml'
				| 'json'
				| 'text'
				/** A list of a stream's pieces (HLS) in place of the stream. */
				| 'playlist'
				| 'program'
				/** What macOS stores beside a file that it copies to another system. */
				| 'appleDouble'
				/** Bytes that were read as text on their way, which can't be undone. */
				| 'garbled'
				/** Nothing but zeros. */
				| 'zeros';
	  }
	/** A video's container in which no track is a picture. */
	| { kind: 'noPicture'; container: string; hasSound: boolean }
	/** The family of MP4, but of a brand that nobody here knows. */
	| { kind: 'unknownBrand'; brand: string }
	| { kind: 'webPage'; title: string }
	/** Base64 text, and the format of what it stands for, if known. */
	| { kind: 'base64'; holds: string | undefined }
	/** `beginsWith`: the first bytes in hex. */
	| { kind: 'unknown'; beginsWith: string };

export type OtherKind = OtherFile['kind'];
