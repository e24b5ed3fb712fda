import type { IExecuteFunctions } from 'n8n-workflow';
import type { BatchEvent, MediaKind } from '../../../client';
import { count } from '../messages/message';

const RESULTS: Readonly<Record<BatchEvent['result'], string>> = {
	answered: 'got a response',
	unreadable: 'got a response without verdicts',
	refused: 'refused',
	tooLarge: 'refused as too large',
	fileBroken: 'not sent, because one of them could not be read',
	failed: 'failed',
	unsent: 'not sent',
};

/** Writes a line to n8n's log for each batch that has ended. */
export function logBatch(context: IExecuteFunctions, event: BatchEvent, media: MediaKind): void {
	const { batch, batches, files, result, failure, milliseconds, settled, total, counts } = event;
	const reason = failure && ` (${failure.kind}${failure.status ? ` ${failure.status}` : ''})`;
	const end = `${RESULTS[result]}${reason ?? ''}`;
	context.logger.info(
		`BitMind: batch ${batch} of ${batches}, ${count(files, media.name)} ${end} in ${milliseconds} ms; ${settled} of ${total} files done, ${count(counts.requests, 'request')}, ${count(counts.retries, 'retry', 'retries')}`,
	);
}
