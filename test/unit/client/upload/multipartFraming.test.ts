import busboy from 'busboy';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { JPEG, MOV, MP4, PNG, WEBP } from '../../../../client/files/fileType';
import { MultipartFraming } from '../../../../client/upload/multipartFraming';
import { fileOf, testFiles, type TestFile } from '../../../integration/support/files';

const NAMES = [
	'plain.png',
	'',
	'a"b\\c.png',
	'x\r\nContent-Type: text/html\r\n\r\n<script>',
	'x"; filename="y',
	'--boundary--',
	'Фото 😀 .png',
	'\u202egnp.exe\ud800',
	'../../etc/passwd',
	'n'.repeat(300),
	'😀'.repeat(300),
	'....',
	'per%22cent%0d%0a.png',
];

function bodyOf(framing: MultipartFraming, files: readonly TestFile[]): Buffer {
	const parts = files.flatMap((file, index) => [framing.before(file, index === 0), file.content]);
	return Buffer.concat([...parts, framing.end()]);
}

interface Part {
	field: string;
	name: string;
	type: string;
	content: Buffer;
}

async function parse(framing: MultipartFraming, body: Buffer): Promise<Part[]> {
	const parser = busboy({
		headers: { 'content-type': framing.contentType },
		preservePath: true,
		defParamCharset: 'utf8',
	});
	const parts: Part[] = [];
	parser.on('file', (field, stream, { filename, mimeType }) => {
		const chunks: Buffer[] = [];
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('end', () =>
			parts.push({ field, name: filename ?? '', type: mimeType, content: Buffer.concat(chunks) }),
		);
	});
	parser.on('field', (name) => {
		throw new Error(`a part is not a file: ${name}`);
	});
	Readable.from([body]).pipe(parser);
	await finished(parser);
	return parts;
}

it.each(NAMES)('announces the exact length with the name %j', (name) => {
	const framing = new MultipartFraming('images');
	for (const format of [JPEG, PNG, WEBP, MP4, MOV]) {
		const file = fileOf(name, format, Buffer.alloc(17, 7));
		expect(framing.bodyLength([file])).toBe(bodyOf(framing, [file]).length);
		expect(framing.bodyLength([file, file]) - framing.bodyLength([file])).toBe(
			framing.partLength(file),
		);
	}
});

it('announces the exact length of all names together', () => {
	const framing = new MultipartFraming('videos');
	const files = NAMES.map((name, index) =>
		fileOf(name, [PNG, MOV, JPEG][index % 3] ?? PNG, Buffer.alloc(index * 333, index)),
	);
	expect(framing.bodyLength(files)).toBe(bodyOf(framing, files).length);
});

it("can't be broken or forged by a name: a parser finds each file, complete and in order", async () => {
	const framing = new MultipartFraming('images');
	const files = NAMES.map((name, index) =>
		fileOf(name, [PNG, JPEG, WEBP][index % 3] ?? PNG, Buffer.alloc(50 + index, index)),
	);
	const parts = await parse(framing, bodyOf(framing, files));
	expect(parts.map(({ field }) => field)).toEqual(NAMES.map(() => 'images'));
	expect(parts.map(({ type }) => type)).toEqual(files.map(({ format }) => format.mimeType));
	parts.forEach(({ name, content }, index) => {
		const file = files[index] as TestFile;
		expect(content.equals(file.content)).toBe(true);
		expect(file.format.extensions).toContain(name.split('.').pop());
		expect(name).not.toMatch(/["\r\n\\/]/);
	});
});

it('sends content that looks like framing', async () => {
	const framing = new MultipartFraming('images');
	const evil = ['\r\n', '--', '\r\n--', '\r\n\r\n', '--x--\r\n'].map((text, index) =>
		fileOf(`${index}`, PNG, Buffer.from(text)),
	);
	const parts = await parse(framing, bodyOf(framing, evil));
	expect(parts.map(({ content }) => content.toString())).toEqual(
		evil.map(({ content }) => content.toString()),
	);
});

it('uses a new, random boundary each time', () => {
	const types = Array.from({ length: 50 }, () => new MultipartFraming('images').contentType);
	expect(new Set(types).size).toBe(50);
	for (const type of types) expect(type).toMatch(/^multipart\/form-data; boundary=-*[\w]{20,}$/);
});

it('keeps the hashes of 50 files intact', async () => {
	const framing = new MultipartFraming('images');
	const files = testFiles(50, 2_000);
	const parts = await parse(framing, bodyOf(framing, files));
	expect(parts.map(({ content }) => createHash('sha256').update(content).digest('hex'))).toEqual(
		files.map(({ sha256 }) => sha256),
	);
});
