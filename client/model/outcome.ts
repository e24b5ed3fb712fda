import type { Failure } from './failures';

/** The API's verdict on one file, as returned. */
export interface Verdict {
	isAI: boolean;
	/** Probability that the content is AI-generated, 0 to 1. */
	confidence: number;
	/** Seconds, if the API returned them. */
	processingTime?: number;
	requestId?: string;
	/** Index of the file in its request. */
	batchPosition: number;
	/** When the response arrived, in milliseconds since 1970, if evidence is wanted. */
	checkedAt?: number;
}

/** The result for one file: the API's verdict, or why there is none. */
export type Outcome = (
	{ verdict: Verdict; failure?: undefined } | { verdict?: undefined; failure: Failure }
) & {
	/** Taken over from a file with the same content; this file was not sent. */
	reused?: true;
	/** Hash of the file as it was read, if evidence is wanted and the file was read to its end. */
	sha256?: string;
};

/** Counted over a run. */
export interface RunCounts {
	/** Batch requests, including retries. */
	requests: number;
	/** Requests sent again because of a transient failure, a rate limit, or an expired token. */
	retries: number;
	/** Batches split because the server refused them, failed on them, or found them too large. */
	split: number;
	/** Requests for files that an earlier response had left out. */
	followUps: number;
}

export const NO_COUNTS: Readonly<RunCounts> = {
	requests: 0,
	retries: 0,
	split: 0,
	followUps: 0,
};

export interface DetectResult {
	/** One for each file, in the files' order. */
	outcomes: Outcome[];
	counts: RunCounts;
	/** Index of the first file that failed, if that ended the run. */
	stoppedAt: number | undefined;
}

/** Reports that a batch has ended, including its retries. */
export interface BatchEvent {
	/** Batches that have ended so far, including this one, and the total expected now. */
	batch: number;
	batches: number;
	files: number;
	result: 'answered' | 'unreadable' | 'refused' | 'tooLarge' | 'fileBroken' | 'failed' | 'unsent';
	failure: Failure | undefined;
	milliseconds: number;
	/** Files with an outcome so far, and the total. */
	settled: number;
	total: number;
	counts: Readonly<RunCounts>;
}
