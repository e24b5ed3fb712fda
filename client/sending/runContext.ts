import { setMaxListeners } from 'node:events';
import { Authorizer } from '../auth/authorizer';
import { BufferRings } from '../upload/bufferRing';
import type { Clock } from '../timing/clock';
import type { Credentials } from '../auth/credentials';
import type { Failure } from '../model/failures';
import type { RunCounts } from '../model/outcome';
import { withoutSecrets } from '../response/redaction';
import type { MediaKind } from '../model/mediaKind';
import { Pacer } from '../timing/pacer';
import { RetryBudget } from './retryBudget';
import { Transport } from '../http/transport';

export interface RunSettings {
	kind: MediaKind;
	/** Requests in flight at a time. */
	concurrency: number;
	requestsPerMinute: number | undefined;
	/** Repeats of one request, at most. */
	maxRetries: number;
	/** Milliseconds without progress after which a request is given up. */
	timeoutMs: number;
	/** The first file without a verdict ends the run. */
	stopOnFailure: boolean;
}

/**
 * All that the requests of one run share, made for it and closed with it: connections, token, pace,
 * allowance of repeats, memory, and whether the run goes on.
 */
export class Run {
	readonly transport: Transport;
	readonly authorizer: Authorizer;
	readonly pacer: Pacer;
	readonly budget = new RetryBudget();
	readonly rings = new BufferRings();
	readonly counts: RunCounts = { requests: 0, repeats: 0, divided: 0, askedAgain: 0 };
	/** Why nothing more is sent. */
	stoppedBy: Failure | undefined;

	private readonly controller = new AbortController();
	private readonly sendingController = new AbortController();
	private readonly followCaller = () => this.abort(this.caller?.reason);
	/** Requests in a row that have failed in a way that repeating would not change. */
	failedForGood = 0;

	constructor(
		readonly credentials: Credentials,
		readonly settings: RunSettings,
		readonly clock: Clock,
		/** The caller's wish to cancel. */
		private readonly caller: AbortSignal | undefined,
	) {
		// One for each request that is under way or waits, and not a leak.
		setMaxListeners(0, this.signal, this.sending);
		this.transport = new Transport(credentials.tls);
		this.pacer = new Pacer(clock, settings.requestsPerMinute);
		this.authorizer = new Authorizer(
			credentials,
			this.transport,
			clock,
			this.signal,
			settings.timeoutMs,
		);
		if (caller?.aborted) this.followCaller();
		else caller?.addEventListener('abort', this.followCaller, { once: true });
	}

	/** Aborted when the caller cancels, and when a run that stops on failures has had one. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Aborted when nothing more is to be sent, so that nobody waits for a turn that will not come. */
	get sending(): AbortSignal {
		return this.sendingController.signal;
	}

	/**
	 * A request has failed in a way that repeating would not change. Where one that was sent afterwards
	 * does so, too, without an answer in between, the reason lies in no request of its own.
	 *
	 * @param before `failedForGood` when the request was sent
	 */
	fails(failure: Failure, before: number): void {
		this.failedForGood++;
		if (before > 0) this.stop(failure);
	}

	/** The server has answered. */
	answered(): void {
		this.failedForGood = 0;
	}

	/**
	 * Lets nothing more be sent. Requests in flight may still bring verdicts, unless the run's result
	 * is thrown away anyway.
	 */
	stop(failure: Failure): void {
		this.stoppedBy ??= failure;
		this.sendingController.abort(new RunStopped());
		if (this.settings.stopOnFailure) this.controller.abort(new RunStopped());
	}

	/** Ends everything that is under way, because of something that should not happen. */
	abort(error: unknown): void {
		this.sendingController.abort(error);
		this.controller.abort(error);
	}

	/** The server's words as they may be shown. */
	withoutSecrets(failure: Failure): Failure {
		return withoutSecrets(failure, this.secrets);
	}

	/** Texts that must appear in no message, whoever wrote it. */
	get secrets(): readonly string[] {
		return [...this.credentials.secrets, ...this.authorizer.secrets];
	}

	async close(): Promise<void> {
		this.caller?.removeEventListener('abort', this.followCaller);
		this.abort(new RunStopped());
		await this.transport.close();
	}
}

/** Reason of the abort of requests whose answers nobody waits for any more. */
export class RunStopped extends Error {
	constructor() {
		super('the run has been stopped');
	}
}
