import { runInNewContext } from 'node:vm';
import { readBytes } from '../../../nodes/shared/input/content/inlineContent';

const content = Buffer.from([255, 216, 255, 224, 0, 16, 74, 70]);
const list = [...content];
const numbers = JSON.stringify(list);

it.each([
	['a Buffer', content],
	['a Uint8Array', new Uint8Array(list)],
	['a part of another one', new Uint8Array([1, 2, ...list, 3]).subarray(2, 10)],
	['words of 16 bits', new Uint16Array(new Uint8Array(list).buffer)],
	['an ArrayBuffer', new Uint8Array(list).buffer],
	['a DataView', new DataView(new Uint8Array(list).buffer)],
	['what JSON makes of a Buffer', JSON.parse(JSON.stringify(content))],
	['what JSON makes of a Uint8Array', JSON.parse(JSON.stringify(new Uint8Array(list)))],
	['a list of bytes', list],
	['a Uint8Array of another realm', runInNewContext(`new Uint8Array(${numbers})`)],
	['an ArrayBuffer of another realm', runInNewContext(`new Uint8Array(${numbers}).buffer`)],
	['a list of another realm', runInNewContext(numbers)],
])('reads %s', async (_, value) => {
	const found = readBytes(value);
	expect(found?.size).toBe(content.length);
	const reader = found!.open();
	const target = Buffer.alloc(5);
	expect(await reader.read(target)).toBe(5);
	expect(target).toEqual(content.subarray(0, 5));
	expect(await reader.read(target)).toBe(3);
	expect(target.subarray(0, 3)).toEqual(content.subarray(5));
	expect(await reader.read(target)).toBe(0);
	expect(found?.readAt?.(2, 4)).toEqual(content.subarray(2, 6));
	expect(found?.readAt?.(6, 10)).toEqual(content.subarray(6));
});

it.each([
	undefined,
	null,
	7,
	true,
	'text',
	{},
	{ mimeType: 'image/png' },
	{ type: 'Buffer' },
	{ type: 'Buffer', data: 'text' },
	{ type: 'Buffer', data: [1, 256] },
	[1, -1],
	[1, 1.5],
	[1, '2'],
	{ 0: 255, 2: 216 },
	{ 0: 255, 1: 'a' },
	new Date(),
])('%j holds no bytes', (value) => {
	expect(readBytes(value)).toBeUndefined();
});
