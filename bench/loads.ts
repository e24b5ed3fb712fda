import { randomFillSync } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

/** What is uploaded, and to which kind of server. */
export interface Load {
	name: string;
	kind: 'image' | 'video';
	files: number;
	/** The size of each file. */
	bytes: number;
	/** The number of files in a batch request. */
	batch: number;
	/** The time that the server takes per request and per file. */
	milliseconds: number;
	millisecondsPerFile: number;
	concurrency: number;
	/** Where n8n keeps the files. */
	mode: 'filesystem' | 'database' | 'default';
}

export const LOADS: readonly Load[] = [
	{
		name: '20 x 100 MB',
		kind: 'video',
		files: 20,
		bytes: 100_000_000,
		batch: 20,
		milliseconds: 0,
		millisecondsPerFile: 0,
		concurrency: 1,
		mode: 'filesystem',
	},
	{
		name: '1 x 500 MB',
		kind: 'video',
		files: 1,
		bytes: 500_000_000,
		batch: 1,
		milliseconds: 0,
		millisecondsPerFile: 0,
		concurrency: 1,
		mode: 'filesystem',
	},
	{
		name: '500 x 50 KB, 20 ms + 5 ms a file',
		kind: 'image',
		files: 500,
		bytes: 50_000,
		batch: 50,
		milliseconds: 20,
		millisecondsPerFile: 5,
		concurrency: 2,
		mode: 'filesystem',
	},
	{
		name: '10,000 x 10 KB',
		kind: 'image',
		files: 10_000,
		bytes: 10_000,
		batch: 50,
		milliseconds: 0,
		millisecondsPerFile: 0,
		concurrency: 2,
		mode: 'filesystem',
	},
	{
		name: '2,000 x 500 KB in the database',
		kind: 'image',
		files: 2_000,
		bytes: 500_000,
		batch: 50,
		milliseconds: 0,
		millisecondsPerFile: 0,
		concurrency: 2,
		mode: 'database',
	},
	{
		name: '100 x 500 KB in the database',
		kind: 'image',
		files: 100,
		bytes: 500_000,
		batch: 50,
		milliseconds: 0,
		millisecondsPerFile: 0,
		concurrency: 2,
		mode: 'database',
	},
	{
		name: '500 x 50 KB in memory',
		kind: 'image',
		files: 500,
		bytes: 50_000,
		batch: 50,
		milliseconds: 0,
		millisecondsPerFile: 0,
		concurrency: 2,
		mode: 'default',
	},
];

const BEGINNINGS = {
	image: Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
	video: Buffer.from('000000186674797069736f6d0000020069736f6d6d703432', 'hex'),
};

/** Makes the files, each with different content. Returns their paths. */
export async function makeFiles({ kind, files, bytes }: Load, folder: string): Promise<string[]> {
	await mkdir(folder);
	const noise = randomFillSync(Buffer.allocUnsafe(Math.min(bytes, 8 * 1024 * 1024)));
	const paths: string[] = [];
	for (let index = 0; index < files; index++) {
		const path = join(
			folder,
			`${String(index).padStart(5, '0')}.${kind === 'image' ? 'jpg' : 'mp4'}`,
		);
		const file = await open(path, 'w');
		const start = Buffer.concat([BEGINNINGS[kind], Buffer.from(`#${index}#`)]);
		await file.write(start);
		for (let left = bytes - start.length; left > 0; left -= noise.length) {
			await file.write(noise, 0, Math.min(left, noise.length));
		}
		await file.close();
		paths.push(path);
	}
	return paths;
}
