import { bytes } from '../../../../support/films';
import { inStream, onDisk, shortly } from './recognizing';

const kindOf = async (content: string | Buffer) =>
	shortly(await onDisk(typeof content === 'string' ? Buffer.from(content) : content));

it.each([
	['just a note', 'text'],
	['{"error":"not found"}', 'json'],
	[' \n[{"a":1}]', 'json'],
	['[1, 2]', 'json'],
	['[]', 'json'],
	['{}', 'json'],
	['[draft] a note', 'text'],
	['{curly} a note', 'text'],
	['<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', 'xml'],
	['<Error><Code>ExpiredToken</Code></Error>', 'xml'],
	['<svg xmlns="http://www.w3.org/2000/svg">', 'svg'],
	['<?xml version="1.0"?><!-- made by -->\n<!DOCTYPE svg PUBLIC "x">\n<svg>', 'svg'],
	['<!doctype html><html>', 'webPage'],
	['<!-- saved from -->\n<html lang="en">', 'webPage'],
	['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', 'webPage'],
	['<br />\n<b>Warning</b>: fopen()', 'webPage'],
	['\uFEFF<!DOCTYPE HTML>', 'webPage'],
	['<3 you', 'text'],
	['这是一个文本文件'.repeat(100), 'text'],
	['a'.repeat(511) + 'é', 'text'],
	['-----BEGIN CERTIFICATE-----\nMIIB', 'text'],
	['d41d8cd98f00b204e9800998ecf8427e'.repeat(3), 'text'],
	['https://example.com/photo.jpg', 'text'],
])('recognizes %j as %s', async (content, kind) => {
	expect(await kindOf(content)).toBe(kind);
});

it.each([
	['UTF-16, little endian', Buffer.from('\uFEFF<html>', 'utf16le')],
	['UTF-16, big endian', Buffer.from('\uFEFF<html>', 'utf16le').swap16()],
])('reads text in %s', async (_, content) => {
	expect(await kindOf(content)).toBe('webPage');
});

it('reads text in an older encoding, but not binary data', async () => {
	expect(await kindOf(bytes('Sch\xf6ne Gr\xfc\xdfe \x96 bis bald'))).toBe('text');
	expect(await kindOf(bytes('\xf6\xfc\xdf\xc4\xd6a'))).toBe('unknown');
});

describe('the title of a web page', () => {
	const title = async (page: string) => {
		const { other } = await onDisk(Buffer.from(page));
		return other?.kind === 'webPage' ? other.title : undefined;
	};

	it('is found, however it is written', async () => {
		expect(await title('<html><title>\n Sign in &amp; &quot;go&quot;\n</title>')).toBe(
			'Sign in & "go"',
		);
		expect(await title('<HTML><TITLE lang=en>404</TITLE>')).toBe('404');
		expect(await title('<html><body>nothing</body>')).toBe('');
	});

	it('is also searched for after the head, if the file can be read there', async () => {
		const page = Buffer.from(`<html>${'<meta name="x">'.repeat(500)}<title>Far</title>`);
		expect(await onDisk(page)).toEqual({ other: { kind: 'webPage', title: 'Far' } });
		expect(await inStream(page)).toEqual({ other: { kind: 'webPage', title: '' } });
	});
});

describe('base64 text in a file', () => {
	const jpeg = bytes(`\xff\xd8\xff\xe0${'\x01\x99\xfe'.repeat(300)}`).toString('base64');

	it.each([
		['as it is', jpeg],
		['in lines', jpeg.replace(/.{76}/g, '$&\r\n')],
		['with a data URI', `data:image/jpeg;base64,${jpeg}`],
		['in quotes', `"${jpeg}"\n`],
	])('is recognized with its content: %s', async (_, text) => {
		expect(await onDisk(Buffer.from(text))).toEqual({ other: { kind: 'base64', holds: 'JPEG' } });
	});

	it('may hold something else', async () => {
		const text = Buffer.from(
			'just a note, that is long enough to look like base64 when it is coded',
		);
		expect(await onDisk(Buffer.from(text.toString('base64')))).toEqual({
			other: { kind: 'base64', holds: undefined },
		});
	});
});
