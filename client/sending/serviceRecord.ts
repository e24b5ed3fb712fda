import type { Failure } from '../model/failures';

/** Unusable responses after which a run is stopped, if none was ever usable. */
const MAX_UNUSABLE = 3;

/** A failure that ends the run if a second one follows without a sign of life in between. */
interface SevereFailure {
	/** Milliseconds of the monotonic clock. */
	at: number;
	/** Signs of life that the service had given until then. */
	signs: number;
}

/**
 * What a run knows about the service from its responses so far. The same 404 means a wrong address if
 * no request was successful before, and a temporary problem of a gateway otherwise.
 */
export class ServiceRecord {
	/** Responses with verdicts, or with the API's refusal of a single file. */
	answered = 0;
	/** Signs of life: these responses, and refusals of whole requests. */
	signs = 0;
	/** When the last sign of life came; before the first one, when the run began. */
	lastSign: number;
	/** The API counts the files of a request from one. */
	countsFromOne = false;
	/** The API gives every response the same request ID. */
	repeatsRequestIds = false;

	private unusable = 0;
	private severe: SevereFailure | undefined;
	private readonly requestIds = new Set<string | undefined>();

	/** @param now milliseconds of the monotonic clock */
	constructor(now: number) {
		this.lastSign = now;
	}

	get hasAnswered(): boolean {
		return this.answered > 0;
	}

	/** Notes that the API has given a verdict on a file, or refused it. */
	noteAnswer(now: number): void {
		this.answered++;
		this.unusable = 0;
		this.noteSign(now);
	}

	/** Notes that the service is alive, for example because it has refused a request. */
	noteSign(now: number): void {
		this.signs++;
		this.lastSign = now;
	}

	/**
	 * Notes that a successful response held nothing usable.
	 *
	 * @returns whether to stop the run, because no response has ever been usable
	 */
	noteUnusable(): boolean {
		return ++this.unusable >= MAX_UNUSABLE && !this.hasAnswered;
	}

	/**
	 * Notes that a batch has failed in a way that concerns the whole service.
	 *
	 * @param sentAt when its last attempt was sent
	 * @returns whether to stop the run: another batch had failed like this before this one was sent, and
	 * the service has not responded since
	 */
	noteSevere(sentAt: number, now: number): boolean {
		const { severe } = this;
		const isSecond = severe?.signs === this.signs && sentAt >= severe.at;
		this.severe = isSecond ? severe : { at: now, signs: this.signs };
		return isSecond;
	}

	/** Whether the run has seen a response with this ID before. */
	hasSeen(requestId: string | undefined): boolean {
		return this.requestIds.has(requestId);
	}

	noteRequestId(requestId: string | undefined): void {
		if (requestId !== undefined) this.requestIds.add(requestId);
	}

	/** Adds to a failure what its message should say about the service. */
	describe(failure: Failure): Failure {
		return this.hasAnswered ? { ...failure, answeredBefore: this.answered } : failure;
	}
}
