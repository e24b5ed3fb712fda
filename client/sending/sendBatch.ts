import { failureOfAnswer } from '../response/answerFailure';
import type { Token } from '../auth/authorizer';
import { ClientError, failureOf, type Failure } from '../model/failures';
import { conceal } from '../response/redaction';
import { MultipartFraming } from '../upload/multipartFraming';
import { RequestBody } from '../upload/requestBody';
import { readBatchAnswer, type BatchAnswer } from '../response/batchResponse';
import { reactionTo } from './retryDecision';
import { backoff } from '../timing/retryTiming';
import type { Run } from './runContext';
import type { SourceFile } from '../files/sourceFile';
import { Watchdog } from '../timing/watchdog';

/** How a request ended, repeats included. */
export type Reply =
	| { kind: 'answered'; answer: BatchAnswer }
	/** 400 or 422: some file, or all of them. */
	| { kind: 'refused'; failure: Failure }
	| { kind: 'tooLarge'; failure: Failure }
	/** One file could not be sent as announced; nothing of the others was judged. */
	| { kind: 'fileBroken'; position: number; failure: Failure }
	| { kind: 'failed'; failure: Failure }
	/** The run was stopped before it could be sent. */
	| { kind: 'unsent' };

type Attempt = { reply: Reply; token?: Token };

/**
 * Sends files in one request, and sends it again for as long as that is of use.
 *
 * @throws the run's signal's reason when that is aborted
 */
export async function exchange(run: Run, files: readonly SourceFile[]): Promise<Reply> {
	const sent = { times: 0 };
	let retries = 0;
	let renewals = 0;
	let wasRenewed = false;
	let cost = 0;
	for (;;) {
		const { failedForGood } = run;
		const { reply, token } = await attempt(run, files, sent);
		if (reply.kind !== 'failed') {
			if (token && reply.kind !== 'unsent') token.wasAccepted = true;
			run.answered();
			run.budget.succeeded(cost);
			return reply;
		}
		const failure: Failure = { ...reply.failure, attempts: sent.times };
		const failed: Reply = { kind: 'failed', failure };
		const reaction = reactionTo(failure, run.clock.now(), token, renewals, wasRenewed);
		wasRenewed = reaction === 'renewToken';
		switch (reaction) {
			case 'stopRun':
				run.stop(failure);
				return failed;
			case 'renewToken':
				renewals++;
				if (token) run.authorizer.refuse(token);
				break;
			case 'failBatch':
				run.fails(failure, failedForGood);
				return failed;
			case 'repeat': {
				const wait = waitAfter(run, failure, retries);
				// What the server says of the client's pace holds for all of its requests.
				const isShared = failure.retryAt !== undefined || failure.kind === 'rateLimited';
				if (isShared) run.pacer.hold(wait);
				if (retries >= run.settings.maxRetries) return failed;
				cost = run.budget.take(failure.kind === 'timeout' ? 'timeout' : 'other');
				if (cost === 0) return failed;
				retries++;
				if (!isShared) await unlessStopped(run, run.clock.sleep(wait, run.sending));
			}
		}
	}
}

/** Milliseconds. A time that is over already names none. */
function waitAfter({ clock }: Run, { retryAt = 0 }: Failure, retry: number): number {
	const named = retryAt - clock.now();
	return named > 0 ? named : backoff(retry, clock.random());
}

/** Waits no longer than until the run is stopped. */
async function unlessStopped(run: Run, waiting: Promise<void>): Promise<void> {
	await waiting.catch((error: unknown) => {
		if (run.signal.aborted || !run.stoppedBy) throw error;
	});
}

async function attempt(
	run: Run,
	files: readonly SourceFile[],
	sent: { times: number },
): Promise<Attempt> {
	const unsent: Attempt = { reply: { kind: 'unsent' } };
	let token: Token | undefined;
	try {
		if (run.stoppedBy) return unsent;
		// The token first, so that fetching it does not blur the pace of the requests.
		await unlessStopped(run, run.pacer.released(run.sending));
		if (run.stoppedBy) return unsent;
		await run.authorizer.authorize();
		await unlessStopped(run, run.pacer.turn(run.sending));
		if (run.stoppedBy) return unsent;
		const authorization = await run.authorizer.authorize();
		if (run.stoppedBy) return unsent;
		token = authorization.token;
		if (++sent.times > 1) run.counts.repeats++;
		return { reply: await post(run, files, authorization.headers), token };
	} catch (error) {
		const failure = failureOf(error);
		if (!failure) throw error;
		return { reply: { kind: 'failed', failure: run.withoutSecrets(failure) }, token };
	}
}

async function post(
	run: Run,
	files: readonly SourceFile[],
	headers: Record<string, string>,
): Promise<Reply> {
	const { kind, timeoutMs } = run.settings;
	const watchdog: Watchdog = new Watchdog(
		run.signal,
		timeoutMs,
		() => new ClientError({ kind: 'timeout', detail: body.isUploaded ? 'answer' : 'upload' }),
	);
	// Of the upload alone: after it the answer has to arrive, all of it, within the timeout.
	const onProgress = () => watchdog.progress();
	const multipart = new MultipartFraming(kind.field);
	const ring = run.rings.take();
	const body: RequestBody = new RequestBody(files, multipart, ring, watchdog.signal, onProgress);
	run.counts.requests++;
	try {
		const answer = await run.transport.send({
			method: 'POST',
			url: `${run.credentials.baseUrl}${kind.path}`,
			headers: { ...headers, accept: 'application/json', 'content-type': multipart.contentType },
			body: { chunks: body, contentLength: body.contentLength },
			signal: watchdog.signal,
		});
		if (body.isUploaded) run.rings.giveBack(ring);
		const failure = failureOfAnswer(answer, run.clock.now());
		if (!failure) {
			const given = read(run, answer.text, files.length);
			// Verdicts on what nobody has seen yet were meant for somebody else, or for nobody.
			if (given.kind === 'entries' && !body.wasHandedOver) {
				throw new ClientError({ kind: 'connectionLost', detail: 'too early' });
			}
			return { kind: 'answered', answer: given };
		}
		const shown = run.withoutSecrets(failure);
		if (failure.kind === 'fileRefused') return { kind: 'refused', failure: shown };
		if (failure.kind === 'fileTooLarge') return { kind: 'tooLarge', failure: shown };
		return { kind: 'failed', failure: shown };
	} catch (error) {
		const broken = body.fileError;
		if (!broken || run.signal.aborted) throw error;
		const reason = broken.reason === 'changed' ? 'fileChanged' : 'fileUnreadable';
		return { kind: 'fileBroken', position: broken.position, failure: { kind: reason } };
	} finally {
		watchdog.dispose();
		await body.close();
	}
}

/** Nothing that the server wrote goes on before it is free of secrets. */
function read(run: Run, text: string, fileCount: number): BatchAnswer {
	const { secrets } = run;
	return readBatchAnswer(text, fileCount, (words) => conceal(words, secrets));
}
