import { failureOfAnswer } from './answerFailure';
import type { Token } from './auth';
import { ClientError, failureOf, type Failure } from './failures';
import { MultipartFraming } from './multipart';
import { RequestBody } from './requestBody';
import { readBatchAnswer, type BatchAnswer } from './response';
import { reactionTo } from './retry';
import { backoff, RETRY_AFTER_CAP_MS } from './retryTiming';
import type { Run } from './run';
import type { SourceFile } from './sourceFile';
import { Watchdog } from './watchdog';

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
	let retries = 0;
	let cost = 0;
	let hasRenewed = false;
	for (;;) {
		const { reply, token } = await attempt(run, files);
		if (token && reply.kind === 'answered') token.wasAccepted = true;
		if (reply.kind !== 'failed') {
			run.budget.succeeded(cost);
			return reply;
		}
		const failure: Failure = { ...reply.failure, attempts: retries + 1 };
		const reaction = reactionTo(failure, token !== undefined && (token.wasAccepted || !hasRenewed));
		if (reaction === 'stopRun') {
			run.stop(failure);
			return { kind: 'failed', failure };
		}
		if (reaction === 'renewToken' && token) {
			hasRenewed = true;
			run.authorizer.refuse(token);
			run.counts.repeats++;
			continue;
		}
		const now = run.clock.now();
		const named = failure.retryAt === undefined ? undefined : failure.retryAt - now;
		if (named !== undefined && named > RETRY_AFTER_CAP_MS) {
			// The server has named a time for all of the client's requests, not for this one alone.
			run.stop(failure);
			return { kind: 'failed', failure };
		}
		if (retries >= run.settings.maxRetries) return { kind: 'failed', failure };
		cost = run.budget.take(failure.kind === 'timeout' ? 'timeout' : 'other');
		if (cost === 0) return { kind: 'failed', failure };
		const wait = named ?? backoff(retries, run.clock.random());
		retries++;
		run.counts.repeats++;
		if (named !== undefined || failure.kind === 'rateLimited') run.pacer.hold(wait);
		else await run.clock.sleep(wait, run.signal);
	}
}

async function attempt(run: Run, files: readonly SourceFile[]): Promise<Attempt> {
	let token: Token | undefined;
	try {
		// The token first, so that fetching it does not blur the pace of the requests.
		await run.authorizer.authorize();
		await run.pacer.turn(run.signal);
		if (run.stoppedBy) return { reply: { kind: 'unsent' } };
		const authorization = await run.authorizer.authorize();
		token = authorization.token;
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
		if (!failure) return { kind: 'answered', answer: readBatchAnswer(answer.text, files.length) };
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
		await body.closed();
	}
}
