import { ClientError, failureOf } from '../../../../client/model/failures';
import { redactFailure, redactor } from '../../../../client/response/redaction';
import { plainText, serverMessage } from '../../../../client/response/serverMessage';

const KEY = 'enterprise-0123456789abcdef';
const clean = (words: string, secrets: string[] = [KEY]) => redactor(secrets)(words);

it.each([
	[`Invalid key ${KEY}`, 'Invalid key ***'],
	[`${KEY}${KEY} and ${KEY}`, '****** and ***'],
	[`Bearer ${KEY}!`, 'Bearer ***!'],
	['no secret', 'no secret'],
	['', ''],
])('masks secrets in %j', (message, expected) => {
	expect(clean(message)).toBe(expected);
});

it('bug: masks a secret that was cut at the end of the message', () => {
	for (let length = 4; length < KEY.length; length++) {
		expect(clean(`Invalid key ${KEY.slice(0, length)}…`)).toBe('Invalid key ***…');
	}
	expect(clean('Not for enterprise')).toBe('Not for enterprise');
});

it('bug: masks a secret as a form or JSON would write it', () => {
	const secret = 'p+q/r=s t&ü%';
	const form = new URLSearchParams({ client_secret: secret }).toString();
	expect(clean(`bad form: ${form}`, [secret])).toBe('bad form: client_secret=***');
	expect(clean(`bad: ${JSON.stringify({ s: 'a"b\\c' })}`, ['a"b\\c'])).toBe('bad: {"s":"***"}');
	expect(clean('any', ['\ud800abc'])).toBe('any');
});

it("doesn't mask ordinary words if a secret is very short", () => {
	expect(clean('no entry', ['no', 'try'])).toBe('no entry');
	expect(clean('a short secret', ['asho', 'rtse'])).toBe('a short secret');
});

it('masks every secret, even if one contains another', () => {
	expect(clean('a Bearer abcdefgh b', ['abcdefgh', 'Bearer abcdefgh'])).not.toContain('abcdefgh');
	expect(clean('x abcdefgh y', ['abcd', 'abcdefgh'])).not.toContain('efgh');
});

it('changes neither other texts nor the failure itself', () => {
	const redact = redactor([KEY]);
	const failure = { kind: 'rejected', status: 402, serverMessage: KEY } as const;
	expect(redactFailure(failure, redact)).toEqual({ ...failure, serverMessage: '***' });
	expect(failure.serverMessage).toBe(KEY);
	expect(redactFailure({ kind: 'notSent' }, redact)).toEqual({ kind: 'notSent' });
	const named = { kind: 'rejected', requestId: `Bearer ${KEY}` } as const;
	expect(redactFailure(named, redact).requestId).toBe('Bearer ***');
});

it('errors of the client only name their kind', () => {
	const error = new ClientError({ kind: 'tokenRefused', serverMessage: 'words' });
	expect(error.message).toBe('tokenRefused');
	expect(failureOf(error)).toEqual({ kind: 'tokenRefused', serverMessage: 'words' });
	expect(failureOf(new Error('other'))).toBeUndefined();
	expect(failureOf(undefined)).toBeUndefined();
});

const entities = (secret: string, entity: (code: number) => string) =>
	secret.replace(/[^a-z\d]/gi, (character) => entity(character.charCodeAt(0)));
const TRICKY = 'a\'b"c&d<e>f/g=h+i';

it.each([
	['markup', 'pa<ss>word123', (secret: string) => `bad ${plainText(secret)}`],
	['two blanks', 'two  blanks', (secret: string) => `bad ${plainText(secret)}`],
	['small hex', 'k+ey/12==', (secret: string) => `bad ${encodeURIComponent(secret).toLowerCase()}`],
	['a space as %20', 'a key', (secret: string) => `bad ${encodeURIComponent(secret)}`],
	['a web page', 'ab&cd"ef12', () => 'bad ab&amp;cd&quot;ef12'],
	['base64', KEY, (secret: string) => `bad ${Buffer.from(secret).toString('base64')}`],
	['base64', KEY, (secret: string) => `bad ${Buffer.from(`Bearer ${secret}`).toString('base64')}`],
	[
		'hex entities',
		TRICKY,
		(secret: string) => `bad ${entities(secret, (c) => `&#x${c.toString(16)};`)}`,
	],
	[
		'large hex entities',
		TRICKY,
		(secret: string) => `bad ${entities(secret, (c) => `&#X${c.toString(16).toUpperCase()};`)}`,
	],
	['decimal entities', TRICKY, (secret: string) => `bad ${entities(secret, (c) => `&#0${c};`)}`],
	['decimal entities', TRICKY, (secret: string) => `bad ${entities(secret, (c) => `&#${c};`)}`],
	[
		'escaped slashes',
		TRICKY,
		(secret: string) => `bad ${JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')}`,
	],
	[
		'unicode escapes',
		TRICKY,
		(secret: string) => `bad ${entities(secret, (c) => `\\u${c.toString(16).padStart(4, '0')}`)}`,
	],
	[
		'JSON in JSON',
		TRICKY,
		(secret: string) => `bad ${JSON.stringify(JSON.stringify(secret)).slice(3, -3)}`,
	],
	[
		'JSON in a web page',
		TRICKY,
		(secret: string) => `bad ${entities(JSON.stringify(secret).slice(1, -1), (c) => `&#${c};`)}`,
	],
	['lines of 20', KEY, (secret: string) => `bad ${secret.replace(/.{20}/g, '$&\n')}`],
	['lines of 20 in JSON', KEY, (secret: string) => `bad ${secret.replace(/.{20}/g, '$&\\n')}`],
	['invisible characters', KEY, (secret: string) => `bad ${secret.replace(/.{5}/g, '$&\u200b')}`],
])('bug: masks a secret that is quoted with %s', (_, secret, quote) => {
	expect(clean(quote(secret), [secret])).toMatch(/^bad \*\*\*=*$/);
});

it('bug: masks a certificate that is wrapped at 76 columns', () => {
	const header = Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(40)).toString('base64');
	const wrapped = header.replace(/.{76}/g, '$&\r\n');
	expect(clean(`x-client-cert: ${wrapped} is unknown`, [header])).toBe(
		'x-client-cert: *** is unknown',
	);
	const shown = serverMessage(`bad certificate ${wrapped}`, 'text/plain', redactor([header]));
	expect(shown).toBe('bad certificate ***');
});

it('bug: masks a secret at the end of the part of a page that is read', () => {
	const title = '<title>bad key ';
	for (let shown = 4; shown < KEY.length; shown++) {
		const filler = ' '.repeat(6_000 - title.length - shown);
		const page = `${filler}${title}${KEY}</title>`;
		expect(serverMessage(page, 'text/html', redactor([KEY])) ?? '').not.toContain(
			KEY.slice(0, shown),
		);
	}
});

it('bug: masks a secret if the message breaks off within it', () => {
	for (let before = 270; before < 300; before++) {
		const words = plainText(`${'x'.repeat(before - 1)} ${KEY} and more`.repeat(2), redactor([KEY]));
		expect(words).not.toContain(KEY.slice(0, 4));
	}
	for (let from = 5_960; from < 6_000; from++) {
		const words = serverMessage(`${'\u0000'.repeat(from)}${KEY}`, 'text/plain', redactor([KEY]));
		expect(words ?? '').not.toContain(KEY.slice(0, 4));
	}
});
