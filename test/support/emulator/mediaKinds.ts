import { imageFormatOf, videoFormatOf, type MediaFormat } from './mediaFormats';

const MIB = 1024 * 1024;

export interface MediaKind {
	noun: 'image' | 'video';
	batchField: string;
	maxFiles: number;
	maxBytesPerFile: number;
	requestIdPrefix: string;
	formats: string;
	formatOf(head: Buffer): MediaFormat | undefined;
}

export const IMAGES: MediaKind = {
	noun: 'image',
	batchField: 'images',
	maxFiles: 50,
	maxBytesPerFile: 100 * MIB,
	requestIdPrefix: 'batch_img_',
	formats: 'JPEG, PNG, WebP',
	formatOf: imageFormatOf,
};

export const VIDEOS: MediaKind = {
	noun: 'video',
	batchField: 'videos',
	maxFiles: 20,
	maxBytesPerFile: 500 * MIB,
	requestIdPrefix: 'batch_vid_',
	formats: 'MP4, AVI, MOV',
	formatOf: videoFormatOf,
};
