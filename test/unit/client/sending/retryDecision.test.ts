import type { Failure } from '../../../../client/model/failures';
import {
	isLimit,
	isSetupFailure,
	mayBeFilesFault,
	reactionTo,
	type Situation,
} from '../../../../client/sending/retryDecision';

const NOW = 1_000_000;

const AT_FIRST: Situation = {
	now: NOW,
	elapsed: 500_000,
	hasAnswered: false,
	lastSign: 500_000,
	token: undefined,
	renewals: 0,
	wasRenewed: false,
	limitedAt: undefined,
	vagueLimits: 0,
	sharers: 1,
	lastAccepted: -Infinity,
};
const FIVE_MINUTES_AGO = 500_000 - 5 * 60_000;
const LATER: Situation = { ...AT_FIRST, hasAnswered: true };

/** A batch of one of two runs that has waited for more than 5 minutes, and less than 10. */
const WAITING = { limitedAt: 0, lastSign: 0, sharers: 2 };

const ACCEPTED = { wasAccepted: true };
const NEW = { wasAccepted: false };

const TRANSIENT: Failure[] = [
	{ kind: 'unavailable', status: 500 },
	{ kind: 'unreachable', host: 'a', code: 'ECONNREFUSED' },
	{ kind: 'connectionLost', code: 'ECONNRESET' },
	{ kind: 'timeout', phase: 'response' },
	{ kind: 'unreadableResponse', request: 'token' },
	{ kind: 'proxy', problem: 'unreachable' },
	{ kind: 'proxy', problem: 'refused', status: 500 },
	{ kind: 'proxy', problem: 'refused', status: 503 },
];
const STRAY: Failure[] = [
	{ kind: 'unauthorized' },
	{ kind: 'tokenRefused' },
	{ kind: 'forbidden' },
	{ kind: 'wrongAddress', found: 'notFound' },
	{ kind: 'wrongAddress', found: 'webPage' },
	{ kind: 'wrongAddress', found: 'redirect' },
	{ kind: 'wrongAddress', found: 'noTls' },
	{ kind: 'tls', problem: 'untrusted', host: 'a', code: 'X' },
	{ kind: 'noBatches' },
	{ kind: 'proxy', problem: 'refused', status: 499 },
	{ kind: 'proxy', problem: 'badAddress' },
];

it.each(TRANSIENT)('always retries after $kind', (failure) => {
	for (const token of [undefined, ACCEPTED, NEW]) {
		expect(reactionTo(failure, { ...AT_FIRST, token })).toBe('retry');
		expect(reactionTo(failure, { ...LATER, token })).toBe('retry');
	}
	expect(isSetupFailure(failure)).toBe(false);
});

it.each(STRAY)('bug: $kind ends a run only if there was no response before', (failure) => {
	expect(reactionTo(failure, AT_FIRST)).toBe('stopRun');
	expect(reactionTo(failure, LATER)).toBe('retry');
	expect(isSetupFailure(failure)).toBe(true);
});

it.each<Failure>([
	{ kind: 'egressRefused', host: 'a', reason: 'restricted' },
	{ kind: 'credential', problem: 'apiKeyMissing' },
])('always ends the run after $kind', (failure) => {
	expect(reactionTo(failure, AT_FIRST)).toBe('stopRun');
	expect(reactionTo(failure, LATER)).toBe('stopRun');
});

it.each<Failure>([
	{ kind: 'rejected', status: 409 },
	{ kind: 'refused' },
	{ kind: 'tooLarge' },
	{ kind: 'fileRefused' },
	{ kind: 'everythingRefused' },
	{ kind: 'fileTooLarge' },
	{ kind: 'fileChanged' },
	{ kind: 'fileUnreadable' },
	{ kind: 'noVerdict', reason: 'missing', others: true },
	{ kind: 'notSent' },
])('fails one batch after $kind, which a retry would not change', (failure) => {
	expect(reactionTo(failure, AT_FIRST)).toBe('failBatch');
	expect(reactionTo(failure, LATER)).toBe('failBatch');
});

it('renews a token only after 401', () => {
	const situation = { ...AT_FIRST, token: ACCEPTED };
	expect(reactionTo({ kind: 'unauthorized' }, situation)).toBe('renewToken');
	expect(reactionTo({ kind: 'forbidden' }, situation)).toBe('stopRun');
	expect(reactionTo({ kind: 'tokenRefused' }, situation)).toBe('stopRun');
});

it('renews a token that was never accepted once, and an accepted one twice', () => {
	const renewals = (token: { wasAccepted: boolean }, wasRenewed: boolean) =>
		[0, 1, 2, 3].filter((count) => {
			const tried = { ...AT_FIRST, token, renewals: count, wasRenewed: wasRenewed && count > 0 };
			return reactionTo({ kind: 'unauthorized' }, tried) === 'renewToken';
		});
	expect(renewals(NEW, true)).toEqual([0]);
	expect(renewals(ACCEPTED, true)).toEqual([0, 1]);
	// Another failure came in between, so the token may have expired meanwhile.
	expect(renewals(NEW, false)).toEqual([0, 1]);
});

it.each([
	[-1, 'retry'],
	[0, 'retry'],
	[300, 'retry'],
	[300.001, 'failBatch'],
	[86_400, 'failBatch'],
])('a server that asks for a wait of %d s: %s', (seconds, reaction) => {
	const failure = { kind: 'unavailable', status: 500, retryAt: NOW + seconds * 1_000 } as const;
	expect(reactionTo(failure, AT_FIRST)).toBe(reaction);
	const limit = { kind: 'rateLimited', retryAt: NOW + seconds * 1_000 } as const;
	expect(reactionTo(limit, AT_FIRST)).toBe(reaction === 'retry' ? 'pace' : reaction);
});

it.each([
	['just refused', {}, 'pace'],
	['refused for 5 minutes', { limitedAt: FIVE_MINUTES_AGO, lastSign: 0 }, 'pace'],
	['refused for longer', { limitedAt: FIVE_MINUTES_AGO - 1, lastSign: 0 }, 'failBatch'],
	['no sign for 5 minutes', { limitedAt: 0, lastSign: FIVE_MINUTES_AGO }, 'pace'],
	['no sign for longer', { limitedAt: 0, lastSign: FIVE_MINUTES_AGO - 1 }, 'failBatch'],
	['just refused, in a run without a sign', { lastSign: 0 }, 'pace'],
	['its turn comes after that of another run', { ...WAITING, lastAccepted: 400_000 }, 'pace'],
	['no run had a turn for 5 minutes', { ...WAITING, lastAccepted: FIVE_MINUTES_AGO }, 'pace'],
	['no run had a turn for longer', { ...WAITING, lastAccepted: 199_999 }, 'failBatch'],
	['it has had its turns', { ...WAITING, elapsed: 600_001, lastAccepted: 600_000 }, 'failBatch'],
])('waits for a rate limit: %s', (_, more, reaction) => {
	expect(reactionTo({ kind: 'rateLimited' }, { ...LATER, ...more })).toBe(reaction);
});

it.each([
	['while others get responses', LATER, 'pace'],
	['before any response', AT_FIRST, 'retry'],
	['half a minute after the last response', { ...LATER, lastSign: 470_000 }, 'pace'],
	['longer after the last response', { ...LATER, lastSign: 469_999 }, 'retry'],
	['for the fifth time', { ...LATER, vagueLimits: 4 }, 'pace'],
	['for the sixth time', { ...LATER, vagueLimits: 5 }, 'retry'],
])('treats a 503 as a rate limit %s', (_, situation, reaction) => {
	expect(reactionTo({ kind: 'unavailable', status: 503 }, situation)).toBe(reaction);
	expect(reactionTo({ kind: 'unavailable', status: 502 }, situation)).toBe('retry');
});

it('slows a run down after a 429, and after a 503 if the service has responded before', () => {
	expect(isLimit({ kind: 'rateLimited' }, false)).toBe(true);
	expect(isLimit({ kind: 'unavailable', status: 503 }, true)).toBe(true);
	expect(isLimit({ kind: 'unavailable', status: 503 }, false)).toBe(false);
	expect(isLimit({ kind: 'unavailable', status: 500 }, true)).toBe(false);
});

it.each<[Failure, boolean]>([
	[{ kind: 'unavailable', status: 500 }, true],
	[{ kind: 'connectionLost', code: 'ECONNRESET' }, true],
	[{ kind: 'timeout', phase: 'response' }, true],
	[{ kind: 'forbidden' }, true],
	[{ kind: 'wrongAddress', found: 'webPage' }, true],
	[{ kind: 'unreachable', host: 'a', code: 'ECONNREFUSED' }, false],
	[{ kind: 'rateLimited' }, false],
	[{ kind: 'unauthorized' }, false],
	[{ kind: 'rejected' }, false],
])('%j may be caused by one file: %s', (failure, expected) => {
	expect(mayBeFilesFault(failure)).toBe(expected);
});
