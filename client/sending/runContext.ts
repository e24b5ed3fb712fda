import { setMaxListeners } from 'node:events';
import { Authorizer } from '../auth/authorizer';
import { accountOf, type Credentials } from '../auth/credentials';
import type { EgressFilter } from '../http/egress';
import { Transport } from '../http/transport';
import type { Failure } from '../model/failures';
import type { MediaKind } from '../model/mediaKind';
import { NO_COUNTS, type RunCounts } from '../model/outcome';
import { redactor, type Redact } from '../response/redaction';
import type { Clock } from '../timing/clock';
import { Pacer } from '../timing/pacer';
import { BufferRings } from '../upload/bufferRing';
import { ConcurrencySearch } from './concurrencySearch';
import { RequestGate } from './requestGate';
import { RetryBudget } from './retryBudget';
import { ServiceRecord } from './serviceRecord';

/**
 * Maximum requests under way until one has been accepted. If more of them were refused together, too few
 * refusals would be left to find out whether the server refuses everything or only some files.
 */
export const MAX_UNTRIED = 6;

export interface RunSettings {
	kind: MediaKind;
	/** Maximum requests under way at a time. Undefined: the run finds the number. */
	concurrency: number | undefined;
	requestsPerMinute: number | undefined;
	/** Maximum retries of one batch. */
	maxRetries: number;
	/** A request fails after so many milliseconds without progress. */
	timeoutMs: number;
	/** The first failed file ends the run. */
	stopOnFailure: boolean;
	/** Outcomes include the file's hash and the time of the verdict. */
	evidence?: boolean;
}

/** What a run needs besides its settings. */
interface RunContext {
	credentials: Credentials;
	clock: Clock;
	/** The caller's signal to cancel. */
	signal: AbortSignal | undefined;
	/** Where requests may go. Undefined: anywhere. */
	egress: EgressFilter | undefined;
}

/**
 * Everything that the requests of one run share: connections, token, pace, retry budget, buffers, what is
 * known about the service, and whether the run continues. It is created and closed with the run.
 */
export class Run {
	readonly credentials: Credentials;
	readonly clock: Clock;
	readonly transport: Transport;
	readonly authorizer: Authorizer;
	readonly pacer: Pacer;
	readonly service: ServiceRecord;
	readonly search: ConcurrencySearch;
	readonly gate = new RequestGate((underWay) => this.search.mayStart(underWay));
	readonly budget = new RetryBudget();
	readonly rings = new BufferRings();
	readonly counts: RunCounts = { ...NO_COUNTS };
	/** Why nothing more is sent. */
	stoppedBy: Failure | undefined;

	private readonly caller: AbortSignal | undefined;
	private readonly controller = new AbortController();
	private readonly sendingController = new AbortController();
	private readonly followCaller = () => this.abort(this.caller?.reason);
	private redactors = { tokens: -1, redact: redactor([]) };

	constructor(
		readonly settings: RunSettings,
		{ credentials, clock, signal, egress }: RunContext,
	) {
		this.credentials = credentials;
		this.clock = clock;
		this.caller = signal;
		// One for each request that is under way or waits, and not a leak.
		setMaxListeners(0, this.signal, this.sending);
		this.transport = new Transport(credentials.baseUrl, credentials.tls, egress);
		this.service = new ServiceRecord(clock.elapsed());
		this.search = new ConcurrencySearch(settings.concurrency, () => clock.elapsed());
		const { kind, requestsPerMinute, timeoutMs } = settings;
		const context = { sender: this.transport, clock, signal: this.signal, timeoutMs };
		this.authorizer = new Authorizer(credentials, context);
		const limited = `${credentials.baseUrl}${kind.path} ${accountOf(credentials)}`;
		const concurrency = () => this.concurrency;
		this.pacer = new Pacer(clock, { requestsPerMinute, concurrency, limited }, this.sending);
		if (signal?.aborted) this.followCaller();
		else signal?.addEventListener('abort', this.followCaller, { once: true });
	}

	/** Requests that may be under way now. Grows with what the service has answered. */
	get concurrency(): number {
		return Math.min(this.search.limit, MAX_UNTRIED + this.service.answered);
	}

	/** Aborted when the caller cancels, and when a run that stops on failures has had one. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Aborted when nothing more is to be sent, so that nobody waits for a turn that will not come. */
	get sending(): AbortSignal {
		return this.sendingController.signal;
	}

	/** Takes secrets out of what the server wrote: those of the credential, and the run's tokens. */
	get redact(): Redact {
		const { tokens } = this.authorizer;
		if (this.redactors.tokens !== tokens.length) {
			const redact = redactor([...this.credentials.secrets, ...tokens]);
			this.redactors = { tokens: tokens.length, redact };
		}
		return this.redactors.redact;
	}

	/**
	 * Lets nothing more be sent. Requests under way may still bring verdicts, unless the run's result
	 * is thrown away anyway.
	 */
	stop(failure: Failure): void {
		this.stoppedBy ??= { ...failure, endedRun: true };
		this.sendingController.abort(new RunStopped());
		if (this.settings.stopOnFailure) this.controller.abort(new RunStopped());
	}

	/** Ends everything that is under way, because of something that should not happen. */
	abort(error: unknown): void {
		this.sendingController.abort(error);
		this.controller.abort(error);
	}

	async close(): Promise<void> {
		this.caller?.removeEventListener('abort', this.followCaller);
		this.abort(new RunStopped());
		this.pacer.close();
		await this.transport.close();
	}
}

/** Reason of the abort of requests whose responses nobody waits for any more. */
export class RunStopped extends Error {
	constructor() {
		super('the run has been stopped');
	}
}
