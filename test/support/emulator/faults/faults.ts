import type { EarlyEnd } from '../http/exchange';
import type { ReceivedFile } from '../http/multipart';

/** One thing that a server does wrong. What isn't named in a fault goes on as it should. */
export type Fault =
	| StatusFault
	/** Resets the connection (RST) after so many bytes of the body: 0 (default) before it, Infinity after it. */
	| { kind: 'reset'; afterBytes?: number }
	/** Reads so many bytes of the body (default 0), then nothing more, and never answers. */
	| { kind: 'hang'; afterBytes?: number }
	| { kind: 'delay'; ms: number }
	/** Reads the body at this rate, so that the client's socket is always full. */
	| { kind: 'slowRead'; bytesPerSecond: number }
	/** The correct answer, of which half is sent before the connection is closed. */
	| { kind: 'truncatedAnswer' }
	| { kind: 'invalidJson' }
	/** A web page with status 200, as a wrong base URL gives. */
	| { kind: 'html200' }
	| { kind: 'wrongSchema' }
	/** Megabytes of terminal escapes, markup and control characters. */
	| { kind: 'hugeText'; megabytes: number; status?: number }
	/** The correct answer but for its `batch_results`. */
	| { kind: 'results'; change: ResultsChange };

export interface StatusFault {
	kind: 'status';
	status: number;
	/** Sent as JSON. Without `json`, `html` and `text` the answer is empty. */
	json?: unknown;
	html?: string;
	text?: string;
	/** Such as Retry-After or Location. */
	headers?: Record<string, string>;
	/** Answer before the body is read and close the connection; only where given before the body. */
	early?: EarlyEnd;
}

export interface BatchResult {
	isAI: boolean;
	confidence: number;
	processingTime: number;
	batch_position: number;
}

/** Gets the results in the order of the files; what it returns is sent as it is. */
export type ResultsChange = (
	results: readonly BatchResult[],
	files: readonly ReceivedFile[],
) => unknown;

interface BatchHead {
	/** Of this batch request since the last reset, from 0. */
	index: number;
	path: string;
	contentLength: number;
}

/** A batch request at the moment of which a misbehavior is asked. */
export type Moment =
	| (BatchHead & { moment: 'beforeBody' })
	| (BatchHead & { moment: 'afterBody'; files: readonly ReceivedFile[] });

/**
 * Asked twice for each batch request, before and after its body. Before the body, an early status,
 * a reset, a hang, a delay and a slow reading act at once; any other fault is kept for the answer.
 * After the body it is asked only if it gave nothing or a slow reading before. A request that breaks
 * the contract is refused as such, whatever fault is kept for it.
 */
export type Misbehavior = (moment: Moment) => Fault | undefined;
