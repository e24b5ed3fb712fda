import type { FileFormat } from './fileFormat';

/** What a file is, judged by its bytes alone. Its name and MIME type may be wrong. */
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
				/** A playlist (HLS): it lists the pieces of a stream, but holds none. */
				| 'playlist'
				| 'program'
				/** The companion file that macOS writes when it copies a file to another system. */
				| 'appleDouble'
				/** Binary data that something has read as text. The damage can't be undone. */
				| 'garbled'
				/** Only zeros. */
				| 'zeros';
	  }
	/** A video container without a video track. */
	| { kind: 'noPicture'; container: string; hasSound: boolean }
	/** A file of the MP4 family, with an unknown brand. */
	| { kind: 'unknownBrand'; brand: string }
	| { kind: 'webPage'; title: string }
	/** Base64 text, with the format of the decoded content if that is known. */
	| { kind: 'base64'; holds: string | undefined }
	/** `beginsWith`: the first bytes in hex. */
	| { kind: 'unknown'; beginsWith: string };

export type OtherKind = OtherFile['kind'];
