import { BatchScheduler } from '../../../../client/batching/batchScheduler';
import { OutcomeLedger } from '../../../../client/batching/outcomeLedger';
import type { HttpRequest, HttpResponse, UploadRequest } from '../../../../client/http/sender';
import { MAX_UNTRIED } from '../../../../client/sending/runContext';
import { testFiles } from '../../../integration/support/files';
import { testRun } from '../testRun';

const entry = { isAI: true, confidence: 0.9, batch_position: 0 };

async function answer(
	{ body }: HttpRequest | UploadRequest,
	requestId: number,
): Promise<HttpResponse> {
	if (typeof body === 'object') for await (const chunk of body.chunks) expect(chunk).toBeDefined();
	const text = JSON.stringify({ batch_results: [entry], request_id: String(requestId) });
	return { status: 200, contentType: 'application/json', headers: {}, text };
}

it('sends more at once as soon as there are responses, up to the limit', async () => {
	const concurrency = 2 * MAX_UNTRIED;
	const { run } = testRun({ concurrency });
	let underWay = 0;
	let requests = 0;
	const peaks: number[] = [];
	let hasAnswered = false;
	jest.spyOn(run.transport, 'send').mockImplementation(async (request) => {
		const id = ++requests;
		peaks.push(++underWay);
		const response = await answer(request, id);
		// The first requests stay in flight until no more of them come.
		for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
		underWay--;
		if (!hasAnswered) expect(Math.max(...peaks)).toBe(MAX_UNTRIED);
		hasAnswered = true;
		return response;
	});
	const files = testFiles(100, 60);
	const ledger = new OutcomeLedger(files);
	const limits = { maxFiles: 1, maxBytes: Infinity };
	const scheduler = new BatchScheduler(files, run, { limits, ledger, onBatch: undefined });
	await scheduler.check(files.map((_, index) => index));
	expect(ledger.settled).toBe(100);
	expect(Math.max(...peaks)).toBe(concurrency);
	await run.close();
});
