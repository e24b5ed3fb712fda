import type { HttpRequest, HttpResponse, UploadRequest } from '../../../../client/http/sender';
import { ClientError } from '../../../../client/model/failures';
import { attempt } from '../../../../client/sending/attempt';
import { BatchHistory } from '../../../../client/sending/batchHistory';
import { testFiles } from '../../../integration/support/files';
import { testRun } from '../testRun';

const REFUSAL: HttpResponse = { status: 400, contentType: '', headers: {}, text: '' };

/** Reads as much of a body as a server has read when it responds. */
async function take({ body }: HttpRequest | UploadRequest, chunks: number): Promise<void> {
	if (typeof body !== 'object') throw new Error('a batch has a body');
	const reading = body.chunks[Symbol.asyncIterator]();
	for (let count = 0; count < chunks; count++) {
		if ((await reading.next()).done) return;
	}
}

it.each([
	['a response to a whole request', Infinity, undefined, 1],
	['a response before the whole request was sent', 1, undefined, 0],
	['a lost connection', Infinity, new ClientError({ kind: 'connectionLost', code: 'X' }), 0],
])('memory that a socket may still use is not reused: %s', async (_, chunks, error, count) => {
	const { run } = testRun();
	jest.spyOn(run.transport, 'send').mockImplementation(async (request) => {
		await take(request, chunks);
		if (error) throw error;
		return REFUSAL;
	});
	const giveBack = jest.spyOn(run.rings, 'giveBack');
	await attempt(run, testFiles(3), new BatchHistory(0));
	expect(giveBack).toHaveBeenCalledTimes(count);
	await run.close();
});
