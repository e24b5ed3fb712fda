import type { Failure } from '../model/failures';
import type { Entry } from '../response/batchResponse';

/** How a batch request ended, retries included. */
export type Reply =
	/** With an entry for each file, some of which may be gaps. */
	| { kind: 'answered'; entries: Entry[]; requestId: string | undefined; usable: number }
	/** 200, but nothing that can be read. `serverMessage`: what it says instead. */
	| { kind: 'unreadable'; serverMessage: string | undefined }
	/** 400 or 422: some file, or all of them. */
	| { kind: 'refused'; failure: Failure }
	| { kind: 'tooLarge'; failure: Failure }
	/** One file could not be sent as announced; nothing of the others was judged. */
	| { kind: 'fileBroken'; position: number; failure: Failure }
	| {
			kind: 'failed';
			failure: Failure;
			/** Repeating would change nothing, or the failure is none of a single request. */
			isSevere?: boolean;
			/** One file in the batch may be the reason, on which the server fails each time. */
			mayBeAFile?: boolean;
	  }
	/** The run was stopped before it could be sent. */
	| { kind: 'unsent' };
