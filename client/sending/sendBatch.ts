import { isApi } from '../auth/account';
import type { SourceFile } from '../files/sourceFile';
import { detailsOf, type Failure } from '../model/failures';
import { backoff } from '../timing/retryTiming';
import { Watchdog } from '../timing/watchdog';
import { attempt, type Attempt } from './attempt';
import type { BatchHistory } from './batchHistory';
import type { Reply } from './reply';
import {
	isLimit,
	isSetupFailure,
	mayBeFilesFault,
	reactionTo,
	type Situation,
} from './retryDecision';
import { RunStopped, type Run } from './runContext';

/** After this many quick crashes, a batch is sent alone. Quick means within `QUICK_MS`. */
const MAX_SHARED_FAILURES = 2;
const QUICK_MS = 5_000;

/** Timeout for the check whether the API is at this address, which only improves a message. */
const API_CHECK_TIMEOUT_MS = 5_000;

/** Decides for each request whether it must be alone, and is told how it ended. */
export interface Supervisor {
	/** The next request must be the only one under way. */
	readonly wantsAlone: boolean;
	/** Nothing more may be sent. */
	readonly forbids: boolean;
	note(reply: Reply): void;
}

/**
 * Sends a batch in one request, and retries it as long as that makes sense.
 *
 * @throws the reason of the run's signal if it is aborted
 */
export async function sendBatch(
	run: Run,
	files: readonly SourceFile[],
	history: BatchHistory,
	supervisor: Supervisor,
): Promise<Reply> {
	try {
		for (;;) {
			const ended = await attemptInTurn(run, files, history, supervisor);
			if (ended.isVoid) continue;
			const { reply, token } = ended;
			if (reply.kind !== 'failed') {
				if (token && reply.kind !== 'unsent') token.wasAccepted = true;
				run.budget.succeeded(history.retryCost);
				return reply;
			}
			const final = await react(run, history, { ...ended, failure: reply.failure });
			if (final) return final;
		}
	} catch (error) {
		if (error instanceof RunStopped) return { kind: 'unsent' };
		throw error;
	}
}

async function attemptInTurn(
	run: Run,
	files: readonly SourceFile[],
	history: BatchHistory,
	supervisor: Supervisor,
): Promise<Attempt> {
	const alone = supervisor.wantsAlone || mayCrashServer(history);
	return await run.gate.pass(alone, async () => {
		if (run.stoppedBy || supervisor.forbids) return { reply: { kind: 'unsent' } };
		const ended = await attempt(run, files, history);
		if (!ended.isVoid) supervisor.note(ended.reply);
		return ended;
	});
}

/** A batch that crashes the server also costs the other requests under way. */
function mayCrashServer({ transientFailures }: BatchHistory): boolean {
	return transientFailures >= MAX_SHARED_FAILURES;
}

/** Reacts to a failed attempt. Returns undefined if the batch is to be sent again. */
async function react(
	run: Run,
	history: BatchHistory,
	{ token, wasUnsent, ...ended }: Attempt & { failure: Failure },
): Promise<Reply | undefined> {
	const { service, clock } = run;
	const failure: Failure = { ...ended.failure, attempts: history.attempts };
	history.noteFailure(failure, service.signs);
	const reaction = reactionTo(failure, situationOf(run, history, token));
	history.wasRenewed = reaction === 'renewToken';
	switch (reaction) {
		case 'stopRun': {
			const known = await explained(run, failure);
			run.stop(known);
			return { kind: 'failed', failure: run.stoppedBy ?? known };
		}
		case 'failBatch':
			return { kind: 'failed', failure: service.describe(failure), isSevere: true };
		case 'renewToken':
			history.renewals++;
			if (token) run.authorizer.refuse(token);
			return undefined;
		case 'pace':
			history.limitedAt ??= clock.elapsed();
			if (failure.kind !== 'rateLimited') history.vagueLimits++;
			// The token request met the rate limit, which the pace of the batches doesn't cover.
			if (wasUnsent) run.pacer.hold(waitAfter(run, failure, history.tokenLimits++));
			return undefined;
		case 'retry':
			return await retry(run, failure, history);
	}
}

async function retry(
	run: Run,
	failure: Failure,
	history: BatchHistory,
): Promise<Reply | undefined> {
	const { service, pacer, clock, budget } = run;
	const isCrash = failure.kind === 'connectionLost' || failure.kind === 'unavailable';
	if (isCrash && clock.elapsed() - history.sentAt < QUICK_MS) history.transientFailures++;
	const waitMs = waitAfter(run, failure, history.retries);
	// A wait that the server names applies to all requests.
	const isShared = failure.retryAt !== undefined;
	if (isShared) pacer.hold(waitMs);
	const mayBeAFile = mayBeFilesFault(failure);
	if (history.retries < (mayBeAFile ? history.sharedRetries : history.maxRetries)) {
		history.retryCost = budget.take(failure.kind === 'timeout' ? 'timeout' : 'other');
		if (history.retryCost > 0) {
			history.retries++;
			const isPaced = isShared || isLimit(failure, service.hasAnswered);
			if (!isPaced) await clock.sleep(waitMs, run.sending);
			return undefined;
		}
	}
	return {
		kind: 'failed',
		failure: service.describe(failure),
		isSevere: isSetupFailure(failure),
		mayBeAFile,
	};
}

/** How many milliseconds to wait. A time in the past doesn't count. */
function waitAfter({ clock }: Run, { retryAt = 0 }: Failure, retry: number): number {
	const named = retryAt - clock.now();
	return named > 0 ? named : backoff(retry, clock.random());
}

function situationOf(run: Run, history: BatchHistory, token: Attempt['token']): Situation {
	const { clock, service, pacer } = run;
	const { renewals, wasRenewed, limitedAt, vagueLimits } = history;
	const { hasAnswered, lastSign } = service;
	const { sharers, lastAccepted } = pacer;
	const times = { now: clock.now(), elapsed: clock.elapsed() };
	const ofBatch = { token, renewals, wasRenewed, limitedAt, vagueLimits };
	return { ...times, ...ofBatch, hasAnswered, lastSign, sharers, lastAccepted };
}

/** Adds to a failure what the credential or a check of the address reveals. */
async function explained(run: Run, failure: Failure): Promise<Failure> {
	const { identity } = run.credentials;
	if (failure.kind === 'unauthorized' && identity.kind === 'apiKey') {
		return /^bitmind-/i.test(identity.apiKey) ? { ...failure, looksStandard: true } : failure;
	}
	if (failure.kind !== 'wrongAddress' || failure.found !== 'notFound') return failure;
	const watchdog = new Watchdog(run.signal, API_CHECK_TIMEOUT_MS, () => new Error('no response'));
	try {
		const { headers } = await run.authorizer.authorize();
		const isThere = await isApi(run.transport, headers, watchdog.signal);
		return isThere ? { kind: 'noBatches', ...detailsOf(failure) } : failure;
	} finally {
		watchdog.dispose();
	}
}
