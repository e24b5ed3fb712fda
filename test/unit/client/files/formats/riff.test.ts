import { avi, bytes, chunk, list } from '../../../../support/films';
import { inStream, onDisk, shortly } from './recognizing';

it.each(['AVI ', 'AVIX', 'AVI\x19'])('bug: treats RIFF of the kind %j as AVI', async (kind) => {
	expect(shortly(await onDisk(avi(kind, 'vids', 'auds')))).toBe('AVI');
	expect(shortly(await inStream(bytes(`RIFF\x24\0\0\0${kind}LIST`)))).toBe('AVI');
});

it.each(['VP8 ', 'VP8L', 'VP8X'])('recognizes WebP with %s', async (chunkType) => {
	expect(shortly(await inStream(bytes(`RIFF\x24\0\0\0WEBP${chunkType}`)))).toBe('WebP');
});

it('bug: an AVI without pictures is not a video', async () => {
	const expected = { other: { kind: 'noPicture', container: 'AVI', hasSound: true } };
	expect(await onDisk(avi('AVI ', 'auds'))).toEqual(expected);
	expect(await onDisk(avi('AVI ', 'auds', 'auds', 'txts'))).toEqual(expected);
});

it.each([
	[['vids']],
	[['auds', 'vids']],
	[['auds', 'auds', 'auds', 'auds', 'vids']],
	// Picture and sound of a DV camera in one stream.
	[['iavs']],
	[['auds', 'xxxx']],
	[['txts']],
	[[]],
])('sends an AVI with the streams %j', async (streams) => {
	expect(shortly(await onDisk(avi('AVI ', ...streams)))).toBe('AVI');
});

it('finds the header after padding', async () => {
	const hdrl = list('hdrl', list('strl', chunk('strh', bytes('auds'.padEnd(56, '\0')))));
	const padding = chunk('JUNK', Buffer.alloc(9_001));
	const film = chunk('RIFF', Buffer.concat([bytes('AVI '), padding, hdrl, list('movi')]));
	expect(shortly(await onDisk(film))).toBe('noPicture');
	expect(shortly(await inStream(film))).toBe('AVI');
});

it('sends an AVI that is cut off before its last stream', async () => {
	const content = avi('AVI ', 'auds', 'auds');
	for (let length = 12; length < content.lastIndexOf('auds'); length++) {
		expect(shortly(await onDisk(content.subarray(0, length)))).toBe('AVI');
	}
});
