/**
 * The limit for JavaScript: a script that only reads files into reused buffers and sends them with undici,
 * in its own process. Prints the milliseconds that it takes.
 */
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Agent, request } from 'undici';

interface Database {
	storedFiles: (path: string) => {
		sizes: Map<string, number>;
		read: (id: string) => Buffer;
	};
}

const { storedFiles } = createRequire(import.meta.url)('./database.cjs') as Database;
const [url = '', field = '', batch = '1', concurrency = '1', ...rest] = process.argv.slice(2);
/** Used instead of paths: all files in n8n's database. */
const stored = rest[0] === '--database' ? storedFiles(rest[1] ?? '') : undefined;
const paths = stored ? [...stored.sizes.keys()] : rest;
const BUFFER_BYTES = 1024 * 1024;
const BOUNDARY = 'bench-boundary-7d1f';
const END = `--${BOUNDARY}--\r\n`;
const SMALL = 128 * 1024;

/**
 * Some processors copy several times slower if the target lies a few bytes further into its page than the
 * source. Memory of this size begins a few bytes into a page.
 */
const PAGE_OFFSET = 1024;

async function* body(files: string[]): AsyncGenerator<Buffer> {
	const buffers = [0, 1, 2].map(() =>
		Buffer.allocUnsafeSlow(PAGE_OFFSET + BUFFER_BYTES).subarray(PAGE_OFFSET),
	);
	let turn = 0;
	for (const path of files) {
		yield Buffer.from(head(path));
		if (stored) {
			yield stored.read(path);
			yield Buffer.from('\r\n');
			continue;
		}
		const file = await open(path);
		const read = () => file.read(buffers[turn++ % buffers.length]!, 0, BUFFER_BYTES);
		let next = read();
		for (;;) {
			const { bytesRead, buffer } = await next;
			if (bytesRead === 0) break;
			next = read();
			const chunk = buffer.subarray(0, bytesRead);
			yield bytesRead < SMALL ? Buffer.from(chunk) : chunk;
		}
		await file.close();
		yield Buffer.from('\r\n');
	}
	yield Buffer.from(END);
}

function lengthOf(files: string[]): number {
	const lengths = files.map(
		(path) => head(path).length + (stored?.sizes.get(path) ?? statSync(path).size) + 2,
	);
	return lengths.reduce((sum, length) => sum + length, END.length);
}

function head(path: string): string {
	return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${path}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
}

async function send(files: string[], dispatcher: Agent): Promise<void> {
	const response = await request(url, {
		method: 'POST',
		dispatcher,
		headers: {
			'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
			'content-length': String(lengthOf(files)),
		},
		body: body(files) as never,
	});
	await response.body.json();
}

async function main(): Promise<void> {
	const dispatcher = new Agent();
	const batches: string[][] = [];
	for (let at = 0; at < paths.length; at += Number(batch)) {
		batches.push(paths.slice(at, at + Number(batch)));
	}
	const start = performance.now();
	const work = async () => {
		for (let next = batches.shift(); next; next = batches.shift()) await send(next, dispatcher);
	};
	await Promise.all(Array.from({ length: Number(concurrency) }, work));
	console.log(performance.now() - start);
	await dispatcher.close();
}

void main();
