import type { FailureKind } from '../../../../client/model/failures';
import { reactionTo } from '../../../../client/sending/retryDecision';

const NOW = 1_000_000;
const ACCEPTED = { wasAccepted: true };
const NEW = { wasAccepted: false };

const PASSING: FailureKind[] = [
	'rateLimited',
	'unavailable',
	'unreachable',
	'connectionLost',
	'timeout',
	'unreadableAnswer',
];
const FINAL: FailureKind[] = [
	'unauthorized',
	'tokenRefused',
	'forbidden',
	'wrongAddress',
	'tls',
	'proxy',
];

it.each(PASSING)('repeats after %s, whatever the token', (kind) => {
	for (const token of [undefined, ACCEPTED, NEW]) {
		expect(reactionTo({ kind }, NOW, token, 0, false)).toBe('repeat');
	}
});

it.each(FINAL)('stops the run after %s', (kind) => {
	expect(reactionTo({ kind }, NOW, undefined, 0, false)).toBe('stopRun');
});

it('renews a token only after 401', () => {
	expect(reactionTo({ kind: 'unauthorized' }, NOW, ACCEPTED, 0, false)).toBe('renewToken');
	expect(reactionTo({ kind: 'forbidden' }, NOW, ACCEPTED, 0, false)).toBe('stopRun');
	expect(reactionTo({ kind: 'tokenRefused' }, NOW, ACCEPTED, 0, false)).toBe('stopRun');
});

it('renews a token that has never let anything in once, and one that has twice', () => {
	const renewals = (token: { wasAccepted: boolean }, wasRenewed: boolean) =>
		[0, 1, 2, 3].filter((count) => {
			const failure = { kind: 'unauthorized' } as const;
			return reactionTo(failure, NOW, token, count, wasRenewed && count > 0) === 'renewToken';
		});
	expect(renewals(NEW, true)).toEqual([0]);
	expect(renewals(ACCEPTED, true)).toEqual([0, 1]);
	// Something else came in between: it may have run out meanwhile.
	expect(renewals(NEW, false)).toEqual([0, 1]);
});

it.each([
	[-1, 'repeat'],
	[0, 'repeat'],
	[300, 'repeat'],
	[300.001, 'failBatch'],
	[86_400, 'failBatch'],
])('a server that can be asked again in %d s: %s', (seconds, reaction) => {
	const failure = { kind: 'unavailable', retryAt: NOW + seconds * 1_000 } as const;
	expect(reactionTo(failure, NOW, undefined, 0, false)).toBe(reaction);
});

it('repeats where a proxy speaks of a trouble behind it, not where it refuses', () => {
	expect(reactionTo({ kind: 'proxy', status: 503 }, NOW, undefined, 0, false)).toBe('repeat');
	expect(reactionTo({ kind: 'proxy', status: 407 }, NOW, undefined, 0, false)).toBe('stopRun');
});

it('fails one batch after a status that nobody has documented', () => {
	expect(reactionTo({ kind: 'rejected' }, NOW, undefined, 0, false)).toBe('failBatch');
});
