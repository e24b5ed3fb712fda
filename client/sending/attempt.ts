import type { Token } from '../auth/authorizer';
import type { SourceFile } from '../files/sourceFile';
import { StaleConnectionError } from '../http/transport';
import { ClientError, failureOf, type Failure, type FailureKind } from '../model/failures';
import { readBatchResponse } from '../response/batchResponse';
import { failureOfResponse } from '../response/responseFailure';
import type { Turn } from '../timing/requestRate';
import { Watchdog } from '../timing/watchdog';
import { MultipartFraming } from '../upload/multipartFraming';
import { RequestBody } from '../upload/requestBody';
import type { BatchHistory } from './batchHistory';
import type { Reply } from './reply';
import { isFarOff, isLimit } from './retryDecision';
import type { Run } from './runContext';

/** Stale connections that one batch may meet in a row. */
const MAX_STALE = 20;

/** How long nothing is sent after a refusal for too many requests at a time, unless the server says. */
const CROWDED_MS = 300;

/** Too many requests at a time may cause these failures. */
const STRAINS: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'rateLimited',
	'unavailable',
	'unreachable',
	'connectionLost',
	'timeout',
]);

/** How one attempt at a batch request ended. */
export interface Attempt {
	reply: Reply;
	/** The access token of the request; undefined for an API key, or if it was not sent. */
	token?: Token | undefined;
	/** The server did not process it. It is sent again at once, and doesn't count. */
	isVoid?: true;
	/** It failed before it was sent, because there was no token. */
	wasUnsent?: boolean;
}

/**
 * Waits for the batch's turn and sends it once.
 *
 * @throws the reason of the run's signal if it is aborted; RunStopped if nothing more may be sent
 */
export async function attempt(
	run: Run,
	files: readonly SourceFile[],
	history: BatchHistory,
): Promise<Attempt> {
	let token: Token | undefined;
	let wasUnsent = true;
	try {
		const { turn, prepared } = await run.pacer.turn(() => run.authorizer.authorize());
		token = prepared.token;
		wasUnsent = false;
		if (++history.attempts > 1) run.counts.retries++;
		history.sentAt = run.clock.elapsed();
		const reply = await post(run, files, prepared.headers).catch((error: unknown) => {
			run.pacer.ended();
			if (isStrain(failureOf(error))) run.search.strained(history.sentAt);
			throw error;
		});
		noteRate(run, turn, history.sentAt, reply);
		if (reply.kind === 'answered') run.search.answered(files.length, history.sentAt);
		return { reply, token, ...(isRepeated(run, reply, history) && { isVoid: true }) };
	} catch (error) {
		const failure = failureOf(error);
		if (!failure) throw error;
		const reply: Reply = { kind: 'failed', failure };
		if (error instanceof StaleConnectionError && mayBeStale(history)) {
			uncount(run, history);
			return { reply, token, isVoid: true };
		}
		if (failure.kind === 'connectionLost') history.hasLostNewConnection = true;
		return { reply, token, wasUnsent };
	}
}

function noteRate(run: Run, turn: Turn, sentAt: number, reply: Reply): void {
	const { pacer, clock, service, search } = run;
	if (reply.kind === 'fileBroken') return pacer.ended();
	if (reply.kind !== 'failed') return pacer.accepted(turn);
	const { failure } = reply;
	const isCrowded = isStrain(failure) && search.strained(sentAt);
	if (!isLimit(failure, service.hasAnswered)) return pacer.ended();
	const waitMs = acceptedWait(failure, clock.now());
	if (!isCrowded) return pacer.limited(turn, waitMs);
	// The server may only want fewer requests at a time. The next refusal will show its rate.
	pacer.ended();
	pacer.hold(waitMs ?? CROWDED_MS);
}

/** The wait that the server has named. One that is too long is ignored: the next request shows if it is meant. */
function acceptedWait(failure: Failure, now: number): number | undefined {
	if (failure.retryAt === undefined || isFarOff(failure, now)) return undefined;
	return failure.retryAt - now;
}

/** Whether too many requests at a time may have caused the failure. */
function isStrain(failure: Failure | undefined): boolean {
	return failure !== undefined && STRAINS.has(failure.kind);
}

/**
 * Whether the run has seen this response before: a server that responds twice on a kept-alive
 * connection would give a batch the verdicts of the batch before it.
 */
function isRepeated({ service, transport }: Run, reply: Reply, history: BatchHistory): boolean {
	if (reply.kind !== 'answered' || reply.usable === 0) return false;
	const { requestId } = reply;
	if (service.hasSeen(requestId) && !service.repeatsRequestIds) {
		if (!history.hasRepeatedId) {
			history.hasRepeatedId = true;
			// Other responses waiting on these connections are misplaced, too.
			transport.renew();
			return true;
		}
		// It happened again on a new connection, so this API gives every response the same ID.
		service.repeatsRequestIds = true;
	}
	service.noteRequestId(requestId);
	return false;
}

/** After a new connection was lost, a closed connection no longer counts as stale. */
function mayBeStale(history: BatchHistory): boolean {
	return !history.hasLostNewConnection && ++history.staleConnections <= MAX_STALE;
}

/** The server never saw the request. */
function uncount({ counts }: Run, history: BatchHistory): void {
	counts.requests--;
	if (--history.attempts > 0) counts.retries--;
}

async function post(
	run: Run,
	files: readonly SourceFile[],
	headers: Record<string, string>,
): Promise<Reply> {
	const { kind, timeoutMs } = run.settings;
	const watchdog: Watchdog = new Watchdog(run.signal, timeoutMs, () => giveUp(run, body));
	const multipart = new MultipartFraming(kind.field);
	const ring = run.rings.take();
	const uploadEnds = run.search.uploadStarts();
	const body: RequestBody = new RequestBody(files, multipart, {
		ring,
		signal: watchdog.signal,
		// Only the upload counts as progress. After it, the whole response must arrive within the timeout.
		onProgress: () => {
			watchdog.progress();
			if (!body.isUploaded) return;
			uploadEnds();
			run.gate.admit();
		},
	});
	run.counts.requests++;
	try {
		const response = await run.transport.send({
			method: 'POST',
			path: kind.path,
			headers: { ...headers, accept: 'application/json', 'content-type': multipart.contentType },
			body: { chunks: body, contentLength: body.contentLength },
			signal: watchdog.signal,
		});
		if (body.isUploaded) run.rings.giveBack(ring);
		const failure = failureOfResponse(response, run.clock.now(), run.redact);
		if (failure) return replyOf(failure);
		return readReply(run, response.text, { fileCount: files.length, isWhole: body.wasHandedOver });
	} catch (error) {
		const broken = body.fileError;
		if (!broken || run.signal.aborted) throw error;
		const { position, reason } = broken;
		return { kind: 'fileBroken', position, failure: fileFailure(reason) };
	} finally {
		watchdog.dispose();
		uploadEnds();
		await body.close();
	}
}

function giveUp({ transport }: Run, body: RequestBody): ClientError {
	if (body.isStarved) body.stall();
	const phase = body.isUploaded ? 'response' : body.hasStarted ? 'upload' : 'connect';
	return new ClientError({ kind: 'timeout', phase, ...transport.route });
}

function fileFailure(reason: 'changed' | 'unreadable' | 'stalled'): Failure {
	if (reason === 'changed') return { kind: 'fileChanged' };
	return { kind: 'fileUnreadable', ...(reason === 'stalled' && { hasStalled: true }) };
}

function replyOf(failure: Failure): Reply {
	if (failure.kind === 'refused') return { kind: 'refused', failure };
	if (failure.kind === 'tooLarge') return { kind: 'tooLarge', failure };
	return { kind: 'failed', failure };
}

function readReply(
	run: Run,
	text: string,
	{ fileCount, isWhole }: { fileCount: number; isWhole: boolean },
): Reply {
	const { service, redact } = run;
	const rules = { fileCount, countsFromOne: service.countsFromOne, redact };
	const response = readBatchResponse(text, rules);
	if (response.kind === 'unreadable') return response;
	// Verdicts that arrive before the body was fully sent cannot belong to this request.
	if (!isWhole) throw new ClientError({ kind: 'connectionLost', code: 'too early' });
	const { entries, requestId, usable, serverMessage } = response;
	if (entries.some((entry) => entry.kind === 'unusable' && entry.reason === 'shifted')) {
		service.countsFromOne = true;
	}
	if (usable === 0 && serverMessage) return { kind: 'unreadable', serverMessage };
	return { kind: 'answered', entries, requestId, usable };
}
