import type { Failure } from '../model/failures';

/** Responses without anything usable after which a service that never gave any is given up. */
const MAX_UNUSABLE = 3;

/** A failure that ends the run if the service says nothing in between until the next one. */
interface SevereFailure {
	/** Milliseconds of the clock that only goes forward. */
	at: number;
	/** Signs of the service until then. */
	signs: number;
}

/**
 * What a run knows of the service from its responses so far. A strange response is judged by it: the
 * same 404 means a wrong address before anything was answered, and a gateway's slip afterwards.
 */
export class ServiceRecord {
	/** Responses with verdicts, or with the API's own word on a file. */
	answered = 0;
	/** The same, and refusals of whole requests: signs that the service is alive. */
	signs = 0;
	/** When the last sign came; until then, when the run began. */
	lastSign: number;
	/** The API counts the files of a request from one. */
	countsFromOne = false;
	/** The API gives every response the same request ID. */
	repeatsRequestIds = false;

	private unusable = 0;
	private severe: SevereFailure | undefined;
	private readonly requestIds = new Set<string | undefined>();

	/** @param now milliseconds of the clock that only goes forward */
	constructor(now: number) {
		this.lastSign = now;
	}

	get hasAnswered(): boolean {
		return this.answered > 0;
	}

	/** The API has given a verdict on a file, or refused it. */
	noteAnswer(now: number): void {
		this.answered++;
		this.unusable = 0;
		this.noteSign(now);
	}

	/** The service has refused a request, and is alive. */
	noteSign(now: number): void {
		this.signs++;
		this.lastSign = now;
	}

	/**
	 * A successful response held nothing usable.
	 *
	 * @returns whether to give the service up: no response of the run has ever been usable
	 */
	noteUnusable(): boolean {
		return ++this.unusable >= MAX_UNUSABLE && !this.hasAnswered;
	}

	/**
	 * A batch has failed in a way that concerns the whole service.
	 *
	 * @param sentAt when its last attempt was sent
	 * @returns whether that ends the run: another one had failed like it before this one was sent, and
	 * the service has not answered since
	 */
	noteSevere(sentAt: number, now: number): boolean {
		const { severe } = this;
		const isSecond = severe?.signs === this.signs && sentAt >= severe.at;
		this.severe = isSecond ? severe : { at: now, signs: this.signs };
		return isSecond;
	}

	/** Whether a response with this ID was seen before in the run. */
	hasSeen(requestId: string | undefined): boolean {
		return this.requestIds.has(requestId);
	}

	noteRequestId(requestId: string | undefined): void {
		if (requestId !== undefined) this.requestIds.add(requestId);
	}

	/** What a failure's message may say of it. */
	describe(failure: Failure): Failure {
		return this.hasAnswered ? { ...failure, answeredBefore: this.answered } : failure;
	}
}
