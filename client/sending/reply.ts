import type { Failure } from '../model/failures';
import type { Entry } from '../response/batchResponse';

/** How a batch request ended, including its retries. */
export type Reply =
	/** With an entry for each file. `usable`: how many of them hold a verdict or a refusal. */
	| { kind: 'answered'; entries: Entry[]; requestId: string | undefined; usable: number }
	/** A 200 without verdicts. `serverMessage`: what it says instead. */
	| { kind: 'unreadable'; serverMessage: string | undefined }
	/** 400 or 422, because of one file or all of them. */
	| { kind: 'refused'; failure: Failure }
	| { kind: 'tooLarge'; failure: Failure }
	/** One file could not be sent as announced, so the server checked none of the batch. */
	| { kind: 'fileBroken'; position: number; failure: Failure }
	| {
			kind: 'failed';
			failure: Failure;
			/** A retry would change nothing, or the failure concerns the whole service. */
			isSevere?: boolean;
			/** The server may fail each time on one of the batch's files. */
			mayBeAFile?: boolean;
	  }
	/** The run was stopped before it could be sent. */
	| { kind: 'unsent' };
