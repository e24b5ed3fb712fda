import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdictOf, type Verdict } from '../emulator';
import type { SourceFile } from './standIns';

/** A real file and the emulator's verdict on it. */
export interface Sample extends SourceFile {
	fileName: string;
	sha256: string;
	verdict: Verdict;
}

const MEDIA = join(__dirname, '..', '..', 'fixtures', 'media');

const MIME_TYPES: Record<string, string> = {
	jpg: 'image/jpeg',
	png: 'image/png',
	webp: 'image/webp',
	mp4: 'video/mp4',
	mov: 'video/quicktime',
	avi: 'video/x-msvideo',
	txt: 'text/plain',
	pdf: 'application/pdf',
};

/** Images of all three formats in turn, each with different content. */
export function images(count: number, seed = 'images'): Sample[] {
	return variants('images', count, seed);
}

/** Videos of all three formats in turn, each with different content. */
export function videos(count: number, seed = 'videos'): Sample[] {
	return variants('videos', count, seed);
}

export function image(seed = 'image'): Sample {
	return images(1, seed)[0] as Sample;
}

export function video(seed = 'video'): Sample {
	return videos(1, seed)[0] as Sample;
}

/** A text file, which neither node accepts. */
export function textFile(): Sample {
	return sampleOf('notes.txt', readFileSync(join(MEDIA, 'notMedia', 'notes.txt')));
}

export function sampleOf(fileName: string, content: Buffer): Sample {
	const sha256 = createHash('sha256').update(content).digest('hex');
	const mimeType = MIME_TYPES[fileName.split('.').pop() ?? ''] ?? 'application/octet-stream';
	return { content, fileName, mimeType, sha256, verdict: verdictOf(sha256) };
}

function variants(kind: 'images' | 'videos', count: number, seed: string): Sample[] {
	const folder = join(MEDIA, kind);
	const names = readdirSync(folder).sort();
	const contents = names.map((name) => readFileSync(join(folder, name)));
	return Array.from({ length: count }, (_, index) => {
		const at = index % names.length;
		// Decoders stop at the end of the picture, so the text after it only changes the hash.
		const content = Buffer.concat([contents[at] as Buffer, Buffer.from(`${seed} ${index}`)]);
		return sampleOf(`${index}-${names[at]}`, content);
	});
}
