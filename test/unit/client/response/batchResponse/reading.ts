import {
	readBatchResponse,
	type BatchResponse,
	type Entry,
	type ReadingRules,
} from '../../../../../client/response/batchResponse';

/** An entry with a verdict. */
export const good = (position: unknown, more: object = {}) => ({
	isAI: true,
	confidence: 0.8234,
	processingTime: 0.043,
	batch_position: position,
	...more,
});

export const readText = (text: string, rules: Partial<ReadingRules>) =>
	readBatchResponse(text, {
		fileCount: 1,
		countsFromOne: false,
		redact: (words) => words,
		...rules,
	});

/** Reads a response with these entries, by default to a request with three files. */
export const read = (
	results: unknown,
	fileCount = 3,
	more: object = { request_id: 'batch_img_1' },
) => readText(JSON.stringify({ batch_results: results, ...more }), { fileCount });

/** Fails if the response is unreadable. */
export function entriesOf(response: BatchResponse): Entry[] {
	if (response.kind !== 'entries') throw new Error(response.kind);
	return response.entries;
}

/** What each entry is, or why it is unusable. */
export const shapes = (response: BatchResponse) =>
	entriesOf(response).map((entry) => (entry.kind === 'unusable' ? entry.reason : entry.kind));
