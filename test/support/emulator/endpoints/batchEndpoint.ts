import { checkBatch, checkLength } from './batchRules';
import { jsonResponse, type HttpResponse, type Exchange } from '../http/exchange';
import { responseOf } from '../faults/faultResponses';
import { keptForResponse, runAfterBody, runBeforeBody } from '../faults/faultRun';
import type { BatchResult, Fault, Misbehavior } from '../faults/faults';
import type { MediaKind } from '../mediaKinds';
import { readMultipart, type FilePart, type ReceivedFile } from '../http/multipart';
import type { Settings } from '../options';
import { seededRandom, shuffle } from '../random';
import { processingTimeOf, verdictOf } from './verdict';

interface BatchContext {
	settings: Settings;
	index: number;
	misbehavior: Misbehavior | undefined;
	/** Throws if the caller isn't allowed to send batches. */
	checkAccess(): void;
	newRequestId: (prefix: string) => string;
}

export async function detectBatch(
	kind: MediaKind,
	exchange: Exchange,
	context: BatchContext,
): Promise<void> {
	const { settings, index } = context;
	const head = {
		index,
		path: exchange.record.path,
		contentLength: exchange.record.contentLength ?? 0,
	};
	const before = context.misbehavior?.({ ...head, moment: 'beforeBody' });
	if (before && (await runBeforeBody(before, exchange))) return;

	context.checkAccess();
	checkLength(exchange.request, settings.maxRequestBytes);
	checkBatch(kind, await receiveParts(exchange, settings));
	const { files } = exchange.record;

	const fault =
		before && before.kind !== 'slowRead'
			? keptForResponse(before)
			: context.misbehavior?.({ ...head, moment: 'afterBody', files });
	const wrongResponse = fault && responseOf(fault);
	if (!wrongResponse) {
		await exchange.wait(settings.latencyMs + settings.latencyPerFileMs * files.length);
	}
	const response = wrongResponse ?? correctResponse(kind, exchange, context, fault);
	if (fault) await runAfterBody(fault, exchange, response);
	else exchange.send(response);
}

async function receiveParts(exchange: Exchange, settings: Settings): Promise<FilePart[]> {
	const parts: FilePart[] = [];
	await readMultipart(exchange.request.headers, exchange.body, settings.verify, (part) => {
		parts.push(part);
		exchange.record.files.push(part.file);
	});
	return parts;
}

function correctResponse(
	kind: MediaKind,
	exchange: Exchange,
	{ settings, index, newRequestId }: BatchContext,
	fault: Fault | undefined,
): HttpResponse {
	const { record } = exchange;
	const results = record.files.map(resultOf);
	record.requestId = newRequestId(kind.requestIdPrefix);
	return jsonResponse(200, {
		batch_results:
			fault?.kind === 'results'
				? fault.change(results, record.files)
				: settings.shuffle
					? shuffle(results, seededRandom(settings.seed + index))
					: results,
		batch_count: record.files.length,
		total_time: (settings.now() - record.startedAt) / 1000,
		request_id: record.requestId,
	});
}

function resultOf(file: ReceivedFile, position: number): BatchResult {
	return {
		...verdictOf(file.sha256),
		processingTime: processingTimeOf(file.sha256),
		batch_position: position,
	};
}
