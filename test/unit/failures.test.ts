import { ClientError, failureOf, withoutSecrets } from '../../client/failures';

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
