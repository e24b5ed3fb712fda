import { createHash } from 'node:crypto';
import { fingerprintOf } from '../../../client/files/contentHash';
import { HEAD_BYTES, JPEG, MP4, PNG, WEBP, type FileFormat } from '../../../client/files/fileType';
import { IMAGES, type MediaKind } from '../../../client/model/mediaKind';
import type { SourceFile } from '../../../client/files/sourceFile';
import { verdictOf, type Verdict } from '../../support/emulator';

const BEGINNINGS = new Map<FileFormat, Buffer>([
	[JPEG, Buffer.from('ffd8ffe000104a464946', 'hex')],
	[PNG, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
	[WEBP, Buffer.from('524946460000000057454250565038 20'.replace(' ', ''), 'hex')],
	[MP4, Buffer.from('000000186674797069736f6d0000000069736f6d6d703432', 'hex')],
]);

/** A file in memory that counts its uses. */
export interface TestFile extends SourceFile {
	content: Buffer;
	sha256: string;
	verdict: Verdict;
	opened: number;
	open(): Promise<{ read(target: Buffer): number; close(): void }>;
	isOpen: boolean;
}

/** A file with unique content: the start of its format, its number, and bytes derived from it. */
export function testFile(number: number, size = 700, kind: MediaKind = IMAGES): TestFile {
	const formats = kind === IMAGES ? [JPEG, PNG, WEBP] : [MP4];
	const format = formats[number % formats.length] as FileFormat;
	const start = Buffer.concat([BEGINNINGS.get(format) as Buffer, Buffer.from(`#${number}#`)]);
	const content = Buffer.alloc(Math.max(size, start.length), (number * 31) % 251);
	start.copy(content);
	return fileOf(`file-${number}.bin`, format, content);
}

export function testFiles(count: number, size?: number, kind?: MediaKind): TestFile[] {
	return Array.from({ length: count }, (_, number) => testFile(number, size, kind));
}

export function fileOf(name: string, format: FileFormat, content: Buffer): TestFile {
	const sha256 = createHash('sha256').update(content).digest('hex');
	const file: TestFile = {
		fingerprint: fingerprintOf(content.length, content.subarray(0, HEAD_BYTES)),
		name,
		format,
		size: content.length,
		content,
		sha256,
		verdict: verdictOf(sha256),
		opened: 0,
		isOpen: false,
		async open() {
			file.opened++;
			file.isOpen = true;
			let offset = 0;
			return {
				read(target) {
					const copied = content.copy(target, 0, offset);
					offset += copied;
					return copied;
				},
				close() {
					file.isOpen = false;
				},
			};
		},
	};
	return file;
}
