import type { Failure } from './failures';

/** What the API says of one file, passed on as returned. */
export interface Verdict {
	isAI: boolean;
	/** Probability that the content is AI-generated, 0 to 1. */
	confidence: number;
	/** Seconds, if the API gave them. */
	processingTime?: number;
	requestId?: string;
	/** Place of the file in its request. */
	batchPosition: number;
}

/** What became of a file: the API's verdict, or why there is none. */
export type Outcome = (
	{ verdict: Verdict; failure?: undefined } | { verdict?: undefined; failure: Failure }
) & {
	/** It is that of another file of the same content; this one was not sent. */
	reused?: true;
};

/** Counted over a run. */
export interface RunCounts {
	/** Batch requests, retries among them. */
	requests: number;
	/** Requests sent again because of a transient failure, a rate limit, or a token that had run out. */
	retries: number;
	/** Batches split, because the server refused a file in them, failed on one, or found them too large. */
	split: number;
	/** Requests sent again for files that a response had left out. */
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

/** A batch of the run has ended, retries included. */
export interface BatchEvent {
	/** Batches that have ended, this one among them, and in all as far as can be told now. */
	batch: number;
	batches: number;
	files: number;
	result: 'answered' | 'unreadable' | 'refused' | 'tooLarge' | 'fileBroken' | 'failed' | 'unsent';
	failure: Failure | undefined;
	milliseconds: number;
	/** Files with an outcome so far, and in all. */
	settled: number;
	total: number;
	counts: Readonly<RunCounts>;
}
