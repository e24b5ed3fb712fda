import { ClientError, failureOf } from '../../../../client/model/failures';
import { withoutSecrets } from '../../../../client/response/redaction';
import { plainWords, serverMessage } from '../../../../client/response/serverMessage';

const KEY = 'enterprise-0123456789abcdef';
const clean = (serverMessage: string, secrets: string[] = [KEY]) =>
	withoutSecrets({ kind: 'unauthorized', serverMessage }, secrets).serverMessage;

it.each([
	[`Invalid key ${KEY}`, 'Invalid key ***'],
	[`${KEY}${KEY} and ${KEY}`, '****** and ***'],
	[`Bearer ${KEY}!`, 'Bearer ***!'],
	['no secret', 'no secret'],
])('takes secrets out of %j', (message, expected) => {
	expect(clean(message)).toBe(expected);
});

it('bug: takes out a secret that was cut at the end of the message', () => {
	for (let length = 4; length < KEY.length; length++) {
		expect(clean(`Invalid key ${KEY.slice(0, length)}…`)).toBe('Invalid key ***…');
	}
	expect(clean('Not for enterprise')).toBe('Not for enterprise');
});

it('bug: takes out a secret as a form or a JSON text carries it', () => {
	const secret = 'p+q/r=s t&ü%';
	const form = new URLSearchParams({ client_secret: secret }).toString();
	expect(clean(`bad form: ${form}`, [secret])).toBe('bad form: client_secret=***');
	expect(clean(`bad: ${JSON.stringify({ s: 'a"b\\c' })}`, ['a"b\\c'])).toBe('bad: {"s":"***"}');
	expect(clean('any', ['\ud800abc'])).toBe('any');
});

it('leaves ordinary words alone where a secret is as short as they are', () => {
	expect(clean('no entry', ['no', 'try'])).toBe('no entry');
});

it('takes every secret out, also where one holds another', () => {
	expect(clean('a Bearer abcdefgh b', ['abcdefgh', 'Bearer abcdefgh'])).not.toContain('abcdefgh');
	expect(clean('x abcdefgh y', ['abcd', 'abcdefgh'])).not.toContain('efgh');
});

it('changes nothing else, and not the failure itself', () => {
	const failure = { kind: 'rejected', status: 402, serverMessage: KEY, detail: 'd' } as const;
	expect(withoutSecrets(failure, [KEY])).toEqual({ ...failure, serverMessage: '***' });
	expect(failure.serverMessage).toBe(KEY);
	expect(withoutSecrets({ kind: 'timeout' }, [KEY])).toEqual({ kind: 'timeout' });
});

it('says nothing but the kind in an error of its own', () => {
	const error = new ClientError({ kind: 'tokenRefused', serverMessage: 'words' });
	expect(error.message).toBe('tokenRefused');
	expect(failureOf(error)).toEqual({ kind: 'tokenRefused', serverMessage: 'words' });
	expect(failureOf(new Error('other'))).toBeUndefined();
	expect(failureOf(undefined)).toBeUndefined();
});

it.each([
	['markup', 'pa<ss>word123', (secret: string) => `bad ${plainWords(secret)}`],
	['two blanks', 'two  blanks', (secret: string) => `bad ${plainWords(secret)}`],
	['small hex', 'k+ey/12==', (secret: string) => `bad ${encodeURIComponent(secret).toLowerCase()}`],
	['a blank as %20', 'a key', (secret: string) => `bad ${encodeURIComponent(secret)}`],
	['a web page', 'ab&cd"ef12', () => 'bad ab&amp;cd&quot;ef12'],
	['base64', KEY, (secret: string) => `bad ${Buffer.from(secret).toString('base64')}`],
	['base64', KEY, (secret: string) => `bad ${Buffer.from(`Bearer ${secret}`).toString('base64')}`],
])('bug: takes out a secret that is quoted with %s', (_, secret, quote) => {
	expect(clean(quote(secret), [secret])).toMatch(/^bad \*\*\*=*$/);
});

it('bug: takes secrets out of a request ID, too', () => {
	const failure = { kind: 'noVerdict', requestId: `Bearer ${KEY}` } as const;
	expect(withoutSecrets(failure, [KEY]).requestId).toBe('Bearer ***');
});

it('bug: takes out a secret that was cut at the end of the part of a page that is read', () => {
	const title = '<title>bad key ';
	for (let shown = 4; shown < KEY.length; shown++) {
		const filler = ' '.repeat(6_000 - title.length - shown);
		const page = `${filler}${title}${KEY}</title>`;
		expect(clean(serverMessage(page, 'text/html') ?? '')).not.toContain(KEY.slice(0, shown));
	}
});
