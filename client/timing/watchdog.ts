/**
 * Aborts an operation that makes no progress, or whose parent signal is aborted. `dispose` removes the
 * timer and the listener, and aborts whatever still uses the signal.
 */
export class Watchdog {
	private readonly controller = new AbortController();
	private readonly timer: NodeJS.Timeout;
	private readonly followParent = () => this.controller.abort(this.parent.reason);

	/**
	 * @param timeoutMs milliseconds without progress until the signal is aborted
	 * @param reason returns the abort's reason
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
