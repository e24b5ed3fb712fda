import { failureOfAnswer } from './answerFailure';
import type { Token } from './auth';
import { ClientError, failureOf, type Failure } from './failures';
import { MultipartFraming } from './multipart';
import { RequestBody } from './requestBody';
import { readBatchAnswer, type BatchAnswer } from './response';
import { reactionTo } from './retry';
import { backoff } from './retryTiming';
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
	let renewals = 0;
	let cost = 0;
	for (;;) {
		const { reply, token } = await attempt(run, files);
		if (reply.kind !== 'failed') {
			if (token && reply.kind === 'answered') token.wasAccepted = true;
			run.answered();
			run.budget.succeeded(cost);
			return reply;
		}
		const failure: Failure = { ...reply.failure, attempts: retries + renewals + 1 };
		const failed: Reply = { kind: 'failed', failure };
		switch (reactionTo(failure, run.clock.now(), token, renewals)) {
			case 'stopRun':
				run.stop(failure);
				return failed;
			case 'renewToken':
				renewals++;
				run.counts.repeats++;
				if (token) run.authorizer.refuse(token);
				break;
			case 'comeBackLater':
				run.comeBackLater(failure);
				return failed;
			case 'repeat': {
				const wait = waitAfter(run, failure, retries);
				// What the server says of the client's pace holds for all of its requests.
				const isShared = failure.retryAt !== undefined || failure.kind === 'rateLimited';
				if (isShared) run.pacer.hold(wait);
				if (retries >= run.settings.maxRetries) return failed;
				cost = run.budget.take(failure.kind === 'timeout' ? 'timeout' : 'other');
				if (cost === 0) return failed;
				run.counts.repeats++;
				retries++;
				if (!isShared) await unlessStopped(run, run.clock.sleep(wait, run.sending));
			}
		}
	}
}

/** Milliseconds. */
function waitAfter({ clock }: Run, { retryAt }: Failure, retry: number): number {
	return retryAt === undefined ? backoff(retry, clock.random()) : retryAt - clock.now();
}

/** Waits no longer than until the run is stopped. */
async function unlessStopped(run: Run, waiting: Promise<void>): Promise<void> {
	await waiting.catch((error: unknown) => {
		if (run.signal.aborted || !run.stoppedBy) throw error;
	});
}

async function attempt(run: Run, files: readonly SourceFile[]): Promise<Attempt> {
	const unsent: Attempt = { reply: { kind: 'unsent' } };
	let token: Token | undefined;
	try {
		if (run.stoppedBy) return unsent;
		// The token first, so that fetching it does not blur the pace of the requests.
		await unlessStopped(run, run.pacer.released(run.sending));
		await run.authorizer.authorize();
		await unlessStopped(run, run.pacer.turn(run.sending));
		if (run.stoppedBy) return unsent;
		const authorization = await run.authorizer.authorize();
		if (run.stoppedBy) return unsent;
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
		await body.close();
	}
}
