/** A format that BitMind checks. */
export interface FileFormat {
	name: 'JPEG' | 'PNG' | 'WebP' | 'MP4' | 'MOV' | 'AVI';
	mimeType: string;
	/** Extensions that every server knows for the format; the first one is the usual one. */
	extensions: readonly [string, ...string[]];
}

export const JPEG: FileFormat = {
	name: 'JPEG',
	mimeType: 'image/jpeg',
	extensions: ['jpg', 'jpeg'],
};
export const PNG: FileFormat = { name: 'PNG', mimeType: 'image/png', extensions: ['png'] };
export const WEBP: FileFormat = { name: 'WebP', mimeType: 'image/webp', extensions: ['webp'] };
export const MP4: FileFormat = { name: 'MP4', mimeType: 'video/mp4', extensions: ['mp4'] };
export const MOV: FileFormat = {
	name: 'MOV',
	mimeType: 'video/quicktime',
	extensions: ['mov'],
};
export const AVI: FileFormat = { name: 'AVI', mimeType: 'video/x-msvideo', extensions: ['avi'] };
