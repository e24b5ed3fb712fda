import { checkContent, checkLength, checkPart } from './batchRules';
import { jsonResponse, type Exchange } from '../http/exchange';
import { IMAGES, VIDEOS } from '../mediaKinds';
import { ContentSummary, readMultipart, type FilePart, type Verify } from '../http/multipart';
import { Refusal } from './refusal';
import { processingTimeOf, verdictOf } from './verdict';

/** `POST /image`: the body is the image. */
export async function detectImage(
	exchange: Exchange,
	verify: Verify,
	requestId: string,
): Promise<void> {
	const { request, record } = exchange;
	checkLength(request, IMAGES.maxBytesPerFile);
	const summary = new ContentSummary(verify);
	for await (const chunk of exchange.body) summary.add(chunk as Buffer);
	const contentType = request.headers['content-type'] ?? '';
	const { head, ...content } = summary.finish();
	record.files.push({ field: '', fileName: '', contentType, ...content });
	checkContent(IMAGES, { size: content.size, contentType }, head);
	sendVerdict(exchange, content.sha256, requestId);
}

/** `POST /video`: multipart with one file in `video`. */
export async function detectVideo(
	exchange: Exchange,
	verify: Verify,
	requestId: string,
): Promise<void> {
	checkLength(exchange.request, undefined);
	const parts: FilePart[] = [];
	await readMultipart(exchange.request.headers, exchange.body, verify, (part) => {
		parts.push(part);
		exchange.record.files.push(part.file);
	});
	const [part] = parts;
	if (!part || parts.length > 1 || part.file.field !== 'video') {
		throw new Refusal(400, "Exactly one file in the field 'video' is expected");
	}
	checkPart(VIDEOS, part);
	sendVerdict(exchange, part.file.sha256, requestId);
}

function sendVerdict(exchange: Exchange, sha256: string, requestId: string): void {
	exchange.record.requestId = requestId;
	exchange.send(
		jsonResponse(200, {
			...verdictOf(sha256),
			processingTime: processingTimeOf(sha256),
			request_id: requestId,
		}),
	);
}
