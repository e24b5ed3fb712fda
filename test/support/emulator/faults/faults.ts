import type { EarlyEnd } from '../http/exchange';
import type { ReceivedFile } from '../http/multipart';

/** One thing that a server does wrong. Everything else goes as it should. */
export type Fault =
	| StatusFault
	/** Resets the connection (RST) after this part of the body. Default: before it. Infinity: after it. */
	| { kind: 'reset'; afterBytes?: number }
	/** Reads this part of the body (default: nothing), then nothing more, and never responds. */
	| { kind: 'hang'; afterBytes?: number }
	| { kind: 'delay'; ms: number }
	/** Reads the body at this rate, so that the client's socket stays full. */
	| { kind: 'slowRead'; bytesPerSecond: number }
	/** Sends half of the correct response and closes the connection. */
	| { kind: 'truncatedResponse' }
	| { kind: 'invalidJson' }
	/** Sends a web page with status 200, as if the base URL were wrong. */
	| { kind: 'html200' }
	| { kind: 'wrongSchema' }
	/** Sends megabytes of terminal escapes, markup and control characters. */
	| { kind: 'hugeText'; megabytes: number; status?: number }
	/** Changes the `batch_results` of the correct response. */
	| { kind: 'results'; change: ResultsChange };

export interface StatusFault {
	kind: 'status';
	status: number;
	/** Sent as JSON. Without `json`, `html` and `text`, the response is empty. */
	json?: unknown;
	html?: string;
	text?: string;
	/** Such as Retry-After or Location. */
	headers?: Record<string, string>;
	/** Sent before the body is read, after which the connection is closed. Only before the body. */
	early?: EarlyEnd;
}

export interface BatchResult {
	isAI: boolean;
	confidence: number;
	processingTime: number;
	batch_position: number;
}

/** Gets the results in the order of the files. What it returns is sent as it is. */
export type ResultsChange = (
	results: readonly BatchResult[],
	files: readonly ReceivedFile[],
) => unknown;

interface BatchHead {
	/** Counts the batch requests since the last reset, from 0. */
	index: number;
	path: string;
	contentLength: number;
}

/** The moment of a batch request at which a misbehavior is called. */
export type Moment =
	| (BatchHead & { moment: 'beforeBody' })
	| (BatchHead & { moment: 'afterBody'; files: readonly ReceivedFile[] });

/**
 * Called twice for each batch request, before and after its body. An early status, a reset, a hang, a
 * delay and slow reading take effect before the body; any other fault waits for the response. There is
 * no second call if the first one returned a fault other than slow reading. A request that breaks the
 * contract is refused, whatever fault is waiting.
 */
export type Misbehavior = (moment: Moment) => Fault | undefined;
