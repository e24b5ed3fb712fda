/**
 * Aborts what makes no progress. Follows a parent signal. `dispose` leaves neither timer nor
 * listener behind, and ends whatever still hangs on the signal.
 */
export class Watchdog {
	private readonly controller = new AbortController();
	private readonly timer: NodeJS.Timeout;
	private readonly followParent = () => this.controller.abort(this.parent.reason);

	/**
	 * @param timeoutMs milliseconds without progress
	 * @param reason what the signal is aborted with then
	 */
	constructor(
		private readonly parent: AbortSignal,
		timeoutMs: number,
		reason: () => Error,
	) {
		this.timer = setTimeout(() => this.controller.abort(reason()), timeoutMs);
		if (parent.aborted) this.followParent();
		else parent.addEventListener('abort', this.followParent, { once: true });
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	progress(): void {
		this.timer.refresh();
	}

	dispose(): void {
		clearTimeout(this.timer);
		this.parent.removeEventListener('abort', this.followParent);
		this.controller.abort();
	}
}
