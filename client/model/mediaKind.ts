import { AVI, JPEG, MOV, MP4, PNG, WEBP, type FileFormat } from '../files/fileType';

const MIB = 1024 * 1024;
const MB = 1_000_000;

/** Everything that differs between the two batch endpoints, and so between the two nodes. */
export interface MediaKind {
	name: 'image' | 'video';
	plural: 'images' | 'videos';
	/** Path below the base URL. */
	path: '/batch_image' | '/batch_video';
	/** Name of the multipart field, repeated for each file. */
	field: 'images' | 'videos';
	/** Maximum number of files in one request (documented). */
	maxFiles: number;
	/** The limit of the single-file endpoints; the batch pages of the documentation name none. */
	maxFileBytes: number;
	/** Maximum size of a request's body, unless the user sets another. See docs/performance.md. */
	defaultRequestBytes: number;
	formats: readonly FileFormat[];
}

export const IMAGES: MediaKind = {
	name: 'image',
	plural: 'images',
	path: '/batch_image',
	field: 'images',
	maxFiles: 50,
	maxFileBytes: 100 * MIB,
	defaultRequestBytes: 500 * MB,
	formats: [JPEG, PNG, WEBP],
};

export const VIDEOS: MediaKind = {
	name: 'video',
	plural: 'videos',
	path: '/batch_video',
	field: 'videos',
	maxFiles: 20,
	maxFileBytes: 500 * MIB,
	defaultRequestBytes: 2_500 * MB,
	formats: [MP4, MOV, AVI],
};
