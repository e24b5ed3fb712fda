import { detailsOf, type Failure } from '../model/failures';
import type { Reply } from '../sending/reply';
import type { Run } from '../sending/runContext';
import type { Batch } from './fileQueue';
import type { OutcomeLedger } from './outcomeLedger';

/** What to do next for a batch after its reply. */
export interface Recorded {
	/** Files to send again, because the response had nothing usable for them. */
	again?: readonly number[];
	/** Send all files again, in smaller requests. */
	smaller?: true;
	/** Files to send again, because their request broke off at another file. */
	rest?: readonly number[];
}

interface RecordingContext {
	run: Run;
	ledger: OutcomeLedger;
	/** No file has been accepted yet, so a refused file may not be the cause itself. */
	isDoubtful: boolean;
}

/** Records the outcomes that are final, and what the reply shows about the service. */
export function recordReply(reply: Reply, batch: Batch, context: RecordingContext): Recorded {
	const { run, ledger } = context;
	const { files } = batch;
	switch (reply.kind) {
		case 'answered':
			return recordEntries(reply, batch, context);
		case 'unreadable': {
			const { serverMessage } = reply;
			const failure: Failure = { kind: 'unreadableResponse', request: 'batch', serverMessage };
			return recordUnusable(failure, batch, context);
		}
		case 'refused':
			run.service.noteSign(run.clock.elapsed());
			if (files.length === 1) ledger.failAll(files, fileRefusal(reply.failure, context));
			return {};
		case 'tooLarge':
			if (files.length > 1) return { smaller: true };
			ledger.failAll(files, { kind: 'fileTooLarge', ...detailsOf(reply.failure) });
			return {};
		case 'fileBroken': {
			const rest = [...files];
			ledger.failAll(rest.splice(reply.position, 1), reply.failure);
			return { rest };
		}
		case 'failed':
		case 'unsent':
			return {};
	}
}

function recordEntries(
	{ entries, requestId, usable }: Extract<Reply, { kind: 'answered' }>,
	batch: Batch,
	context: RecordingContext,
): Recorded {
	const { run, ledger } = context;
	if (usable > 0) run.service.noteAnswer(run.clock.elapsed());
	const again: number[] = [];
	const time = run.settings.evidence && { checkedAt: run.clock.now() };
	batch.files.forEach((file, position) => {
		const entry = entries[position];
		if (entry?.kind === 'verdict') {
			ledger.settle(file, { verdict: { ...entry.verdict, ...time } });
		} else if (entry?.kind === 'refused') {
			ledger.fail(file, { kind: 'fileRefused', serverMessage: entry.serverMessage, requestId });
		} else if (batch.isFollowUp) {
			const reason = entry?.reason ?? 'missing';
			ledger.fail(file, { kind: 'noVerdict', reason, others: usable > 0, requestId });
		} else {
			again.push(file);
		}
	});
	const reason = entries.find((entry) => entry.kind === 'unusable')?.reason ?? 'missing';
	const failure: Failure = { kind: 'noVerdict', reason, others: false, requestId };
	const isOver = usable === 0 && noteUnusable(failure, context);
	return again.length > 0 && !isOver ? { again } : {};
}

function recordUnusable(failure: Failure, batch: Batch, context: RecordingContext): Recorded {
	const isOver = noteUnusable(failure, context);
	if (!batch.isFollowUp && !isOver) return { again: batch.files };
	const known = isOver && context.run.stoppedBy ? context.run.stoppedBy : failure;
	context.ledger.failAll(batch.files, known);
	return {};
}

/** Returns whether this ends the run, because no response has ever been usable. */
function noteUnusable(failure: Failure, { run }: RecordingContext): boolean {
	const isOver = run.service.noteUnusable();
	if (isOver) run.stop(failure);
	return isOver;
}

/** The failure of a file that was refused when sent alone. */
function fileRefusal(failure: Failure, { isDoubtful }: RecordingContext): Failure {
	const details = detailsOf(failure);
	return { kind: 'fileRefused', ...details, ...(isDoubtful && { nothingAccepted: true }) };
}
