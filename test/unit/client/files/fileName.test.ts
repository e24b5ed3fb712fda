import { fileNameToSend } from '../../../../client/files/fileName';
import { AVI, JPEG, MOV, MP4, PNG, WEBP } from '../../../../client/files/fileType';

const sent = (name: string, format = PNG) => fileNameToSend({ name, format });

it.each([
	['photo.png', 'photo.png'],
	['photo.PNG', 'photo.png'],
	['photo.jpg', 'photo.png'],
	['photo', 'photo.png'],
	['photo.tar.gz', 'photo.tar.png'],
	['holiday.2024', 'holiday.2024.png'],
	['a b c.png', 'a b c.png'],
	['Фото из отпуска.png', 'Фото из отпуска.png'],
	['写真.png', '写真.png'],
	['cafe\u0301.png', 'cafe\u0301.png'],
	['😀.png', '😀.png'],
])('keeps harmless names: %s', (name, expected) => {
	expect(sent(name)).toBe(expected);
});

it.each([
	['', 'file.png'],
	['.', 'file.png'],
	['..', 'file.png'],
	['......', 'file.png'],
	['.png', 'file.png'],
	['   ', 'file.png'],
	['../', 'file.png'],
	['/etc/passwd', 'passwd.png'],
	['../../x.png', 'x.png'],
	['..\\..\\x.png', 'x.png'],
	['C:\\Users\\me\\x.png', 'x.png'],
	['.htaccess', 'htaccess.png'],
])('leaves no path and no hidden file: "%s"', (name, expected) => {
	expect(sent(name)).toBe(expected);
});

it.each([
	'a"b.png',
	'a\r\nX-Evil: 1\r\n\r\n.png',
	'a\nb.png',
	'a\0b.png',
	'a%22b.png',
	'a\u2028b\u2029c.png',
	'a\u202egnp.exe',
	'a\u200bb.png',
	'\ufeffa.png',
	'\ud800.png',
	'a\udc00b.png',
	"x'; filename*=utf-8''evil",
	'`rm`<b>|?*:.png',
	'\u001b[31mred.png',
	'\u0085\u009b.png',
	'e\u0000\u0001\u007f.png',
])('removes what could end a header or reverse text: %j', (name) => {
	const result = sent(name);
	expect(result).toMatch(/^[^\p{C}\p{Zl}\p{Zp}"'`<>|:*?;%\\/]+\.png$/u);
	expect(Buffer.from(result).toString()).toBe(result);
});

it.each([
	['x'.repeat(300), 100],
	[`${'x'.repeat(300)}.png`, 100],
	['😀'.repeat(300), 100],
	['Ж'.repeat(300), 100],
])('shortens a name between characters', (name, characters) => {
	const stem = sent(name).replace(/\.png$/, '');
	expect(Array.from(stem)).toHaveLength(characters);
	expect(Buffer.from(stem).toString()).toBe(stem);
});

it.each([
	['a.jpeg', JPEG, 'a.jpeg'],
	['a.JPG', JPEG, 'a.jpg'],
	['a.png', JPEG, 'a.jpg'],
	['a.webp', WEBP, 'a.webp'],
	['a.mov', MP4, 'a.mp4'],
	['a.m4v', MP4, 'a.mp4'],
	['a.mp4', MOV, 'a.mov'],
	['a.qt', MOV, 'a.mov'],
	['a.mpg', AVI, 'a.avi'],
	['a.exe.', PNG, 'a.exe.png'],
])('%s gets the extension of its format', (name, format, expected) => {
	expect(sent(name, format)).toBe(expected);
});

it.each(['a.jfif', 'a.jpe', 'a.JFIF'])('%s gets an extension that the API documents', (name) => {
	expect(sent(name, JPEG)).toBe('a.jpg');
});
