import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readBase64 } from '../../../nodes/shared/input/content/base64';
import type { InlineContent } from '../../../nodes/shared/input/content/inlineContent';
import { propertyRuns } from '../../support/propertyRuns';

/** Reads everything with buffers of one size, as a request body does. */
async function readAll({ open }: InlineContent, pieceBytes = 7): Promise<Buffer> {
	const reader = open();
	const pieces: Buffer[] = [];
	for (;;) {
		const target = Buffer.alloc(pieceBytes);
		const count = await reader.read(target);
		pieces.push(target.subarray(0, count));
		if (count < pieceBytes) return Buffer.concat(pieces);
	}
}

async function read(text: string): Promise<Buffer | undefined> {
	const content = readBase64(text);
	if (!content) return undefined;
	const whole = await readAll(content, 4_096);
	expect(whole).toHaveLength(content.size);
	return whole;
}

// With many + in it, like noise, and with ++.
const photo = Buffer.from(`\xff\xd8\xff${'\xfb\xef\xbe'}${'p?h~o\xfct>o'.repeat(40)}`, 'latin1');
const noise = Buffer.concat([photo, noiseOf(0, 30_001 - (photo.length % 3))]);
const text = noise.toString('base64');

it.each([
	['as it is', text],
	['without padding', noise.toString('base64').replace(/=+$/, '')],
	['in lines of 76', text.replace(/.{76}/g, '$&\r\n')],
	['in lines of 64, indented', text.replace(/.{64}/g, '$&\n    ')],
	['in lines that end with spaces', text.replace(/.{76}/g, '$& \t\r\n')],
	['between spaces and line ends', `\n \t${text} \r\n\n`],
	['after a byte order mark', `\uFEFF${text}`],
	['in quotes', `"${text}"`],
	['in single quotes', ` '${text}'\n`],
	['of a JSON text with its line end', `"${text}"\n`],
	['of a data URI', `data:image/png;base64,${text}`],
	['of a data URI in capitals', `DATA:IMAGE/PNG;BASE64,${text}`],
	['of a data URI with parameters', `data:image/png;charset=utf-8;name="a,b.png";base64,${text}`],
	['of a data URI without a type', `data:;base64,${text}`],
	['of a data URI with a space', `data:image/png; base64, ${text}`],
	['of a data URI in quotes', `"data:image/png;base64,${text}"`],
	['of a data URI in lines', `data:image/png;base64,\n${text.replace(/.{76}/g, '$&\n')}`],
	['of a percent-encoded data URI', encodeURIComponent(`data:image/png;base64,${text}`)],
	['percent-encoded', encodeURIComponent(text)],
	['percent-encoded in small letters', lower(text)],
	['percent-encoded in lines', encodeURIComponent(text.replace(/.{76}/g, '$&\r\n'))],
	['in the alphabet of URLs', noise.toString('base64url')],
	['whose + have all become spaces', text.replaceAll('+', ' ')],
	['one + of which has become a space', text.replace('+', ' ')],
	['whose + have become %20', text.replaceAll('+', '%20')],
	[
		'of a data URI whose + have become spaces',
		`data:image/png;base64,${text.replaceAll('+', ' ')}`,
	],
	['in lines, whose + have become spaces', text.replace(/.{76}/g, '$&\n').replaceAll('+', ' ')],
	['whose line ends have become spaces', text.replace(/.{76}(?=.)/g, '$& ')],
	['whose line ends have become two spaces', text.replace(/.{64}(?=.)/g, '$&  ')],
])('reads base64 %s', async (_, given) => {
	expect((await read(given))?.equals(noise)).toBe(true);
});

function lower(base64: string): string {
	return encodeURIComponent(base64).replace(/%../g, (escape) => escape.toLowerCase());
}

it.each([
	['with an invalid character', `${text.slice(0, 100)}!${text.slice(100)}`],
	['with a letter of another alphabet', `${text.slice(0, 100)}é${text.slice(100)}`],
	['with a tab within', `${text.slice(0, 101)}\t${text.slice(101)}`],
	['with two spaces within', `${text.slice(0, 101)}  ${text.slice(101)}`],
	['with a quote within', `${text.slice(0, 100)}"${text.slice(100)}`],
	['with padding within', `${text.slice(0, 101)}=${text.slice(101)}`],
	['of two files one after the other', 'QQ==QUI='],
	['with a line end that is written out', text.replace(/.{76}/g, '$&\\n')],
	['with slashes that are escaped', text.replaceAll('/', '\\/')],
	['with one letter too many', 'QUJDR'],
	['with too much padding', 'QUJD='],
	['of only padding', '=='],
	['that is encoded twice', encodeURIComponent(encodeURIComponent(`${text}=`))],
	['with a single percent sign', `${text.slice(0, 100)}%${text.slice(100)}`],
	['that is a list of bytes', 'ff d8 ff e0 00 10 4a 46 49 46 00 01 01 00 00 01'],
	['that is a sentence', 'the photo is not in here but somewhere else'],
	['that is the text of an object', '[object Object]'],
	['that is binary', noise.toString('latin1')],
	['that is an SVG', 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E'],
])("bug: doesn't decode a text %s", async (_, given) => {
	expect(readBase64(given)).toBeUndefined();
});

it('bug: restores a + at the very end that became a space', async () => {
	const content = Buffer.concat([noise.subarray(0, 3_000), Buffer.from('\xfb\xef\xbe', 'latin1')]);
	const base64 = content.toString('base64');
	expect(base64).toMatch(/\+$|\+\+$/);
	expect(await read(base64.replaceAll('+', ' '))).toEqual(content);
});

it.each([
	['blanks', ' '],
	['tabs', '\t'],
	['line ends', '\n'],
	['percent signs', '%'],
	['padding', '='],
	['quotes', '"'],
])('is fast for a text with a million %s inside', async (_, gap) => {
	const whole = noise.subarray(0, 3_000).toString('base64');
	const found = await read(`${whole}${gap.repeat(1_000_000)}${whole}`);
	expect(found?.length).toBe(gap === '\n' ? 6_000 : undefined);
});

it('decodes an empty text to nothing', () => {
	for (const empty of ['', ' \n', '""', 'data:image/png;base64,']) {
		expect(readBase64(empty)?.size).toBe(0);
	}
});

const contents = fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes));

it('decodes any content into buffers of any size', async () => {
	await fc.assert(
		fc.asyncProperty(contents, fc.integer({ min: 1, max: 400 }), async (content, pieceBytes) => {
			const lines = content.toString('base64').replace(/.{76}/g, '$&\r\n');
			for (const given of [content.toString('base64'), lines, encodeURIComponent(lines)]) {
				const found = readBase64(given);
				expect(found?.size).toBe(content.length);
				expect((await readAll(found!, pieceBytes)).equals(content)).toBe(true);
			}
		}),
		propertyRuns(100),
	);
});

it('decodes any part of a content', () => {
	const found = readBase64(` "${text}"`);
	fc.assert(
		fc.property(fc.nat(noise.length), fc.nat(5_000), (position, length) => {
			const part = found?.readAt?.(position, length);
			expect(part?.equals(noise.subarray(position, position + length))).toBe(true);
		}),
		propertyRuns(100),
	);
});

it('undoes what a form does to any content that is long enough', async () => {
	const anyLength = fc.integer({ min: 2_000, max: 20_000 });
	// Lines of 76 letters hold 57 bytes.
	const wholeLines = fc.integer({ min: 40, max: 350 }).map((lines) => lines * 57);
	await fc.assert(
		fc.asyncProperty(fc.oneof(anyLength, wholeLines), fc.nat(), async (length, seed) => {
			const content = Buffer.concat([photo.subarray(0, 3), noiseOf(seed, length - 3)]);
			const base64 = content.toString('base64');
			const lines = base64.replace(/.{76}/g, '$&\n');
			// Rarely, too few + stand alone to recognize this. But nothing else is ever read.
			for (const given of [base64, lines, `${base64}\r\n`]) {
				const found = await read(given.replaceAll('+', ' '));
				if (found) expect(found.equals(content)).toBe(true);
			}
		}),
		propertyRuns(100),
	);
});

it.each(['', '\n', '\r\n', '"', '\n\n'])(
	'bug: undoes it for a + at the end, whatever follows it: %j',
	async (end) => {
		const content = Buffer.concat([
			photo.subarray(0, 3),
			noiseOf(1, 57 * 100 - 4),
			Buffer.of(0x3e),
		]);
		const base64 = content.toString('base64');
		expect(base64.endsWith('+')).toBe(true);
		for (const given of [base64, base64.replace(/.{76}(?=.)/g, '$&\n')]) {
			const found = await read(`${given}${end}`.replaceAll('+', ' '));
			expect(found?.equals(content)).toBe(true);
		}
	},
);

it('bug: reads nothing if the end fits neither with its blanks as + nor without them', async () => {
	const base64 = Buffer.concat([photo.subarray(0, 3), noiseOf(1, 5_000)]).toString('base64');
	const given = base64.replaceAll('+', ' ').replace(/=+$/, '').slice(0, -1);
	for (const end of ['  ', '   ', '  \n']) {
		const letters = given.slice(0, given.length - ((given.length + 1) % 4));
		expect(await read(`${letters}${end}`)).toBeUndefined();
	}
});

/** Always the same bytes for a seed, and as random as those of a picture. */
function noiseOf(seed: number, length: number): Buffer {
	return createHash('shake256', { outputLength: length }).update(String(seed)).digest();
}
