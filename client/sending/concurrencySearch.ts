/** The search starts with this many requests at a time and never goes below; any service can take them. */
const MIN_REQUESTS = 2;
const MAX_REQUESTS = 8;

/** A run goes back if its speed falls below this share. Smaller differences may be chance. */
const SLOWER = 0.95;

/** After going back, a run tries nothing for some windows: one, then twice as many each time, up to this. */
const MAX_REST = 16;

/** Twice as many requests may have to wait twice as long, and many gateways wait for 60 seconds. */
const QUICK_RESPONSE_MS = 15_000;

/** A slower upload shares the line with at most one other, or both would take much longer. */
const QUICK_UPLOAD_MS = 5_000;

/** The responses over which the speed is measured: as many as requests may be under way. */
interface Window {
	start: number;
	responses: number;
	files: number;
	slowestMs: number;
}

/**
 * Finds how many requests at a time a service can take, unless the user sets the number. It starts with
 * two and doubles them as long as that doesn't make the run slower. A rate limit, or another failure that
 * too many requests may cause, halves them for good. The simulation in test/unit/client/sending has the
 * services and lines that it is tuned for.
 */
export class ConcurrencySearch {
	private level = MIN_REQUESTS;
	/** Files per millisecond with half as many requests, if the level is on trial. */
	private rateBefore: number | undefined;
	private rest = 0;
	private nextRest = 1;
	private mayGrow = true;
	private steppedBackAt = -Infinity;
	private window: Window | undefined;
	/** When the uploads under way began. */
	private readonly uploads = new Map<symbol, number>();
	private slowestUploadMs = 0;

	/**
	 * @param fixed the number that the user has set, if any
	 * @param now milliseconds of a monotonic clock
	 */
	constructor(
		private readonly fixed: number | undefined,
		private readonly now: () => number,
	) {}

	/** Requests under way at a time, at most. */
	get limit(): number {
		return this.fixed ?? this.level;
	}

	/** Whether another request may start now. */
	mayStart(underWay: number): boolean {
		if (this.fixed !== undefined || underWay < MIN_REQUESTS) return true;
		return underWay < this.level && (this.uploads.size === 0 || this.areUploadsQuick);
	}

	/** @returns a function to call when the upload has ended */
	uploadStarts(): () => void {
		const start = this.now();
		this.window ??= startWindow(start);
		const upload = Symbol('upload');
		this.uploads.set(upload, start);
		return () => {
			if (!this.uploads.delete(upload)) return;
			this.slowestUploadMs = Math.max(this.slowestUploadMs, this.now() - start);
		};
	}

	/** A request with this many files got its response. */
	answered(files: number, sentAt: number): void {
		const now = this.now();
		const { window = startWindow(sentAt) } = this;
		window.files += files;
		window.slowestMs = Math.max(window.slowestMs, now - sentAt);
		if (++window.responses < this.level) return;
		const rate = window.files / (now - window.start);
		if (this.isTooMuch(rate, window.slowestMs)) {
			this.rest = this.nextRest;
			this.nextRest = Math.min(MAX_REST, this.nextRest * 2);
			this.resize(this.level / 2);
		} else if (this.rest > 0 || !this.canGrow || window.slowestMs > QUICK_RESPONSE_MS) {
			this.rest = Math.max(0, this.rest - 1);
			this.resize(this.level);
		} else {
			this.resize(this.level * 2);
			this.rateBefore = rate;
		}
	}

	/**
	 * A request has failed in a way that too many requests may cause.
	 *
	 * @returns whether that is likely here; fewer requests are allowed from now on
	 */
	strained(sentAt: number): boolean {
		// What was sent together fails together.
		if (sentAt < this.steppedBackAt) return true;
		if (this.level === MIN_REQUESTS) return false;
		this.steppedBackAt = this.now();
		this.mayGrow = false;
		this.resize(this.level / 2);
		return true;
	}

	private get canGrow(): boolean {
		return this.mayGrow && this.level < MAX_REQUESTS;
	}

	private isTooMuch(rate: number, slowestMs: number): boolean {
		if (this.level === MIN_REQUESTS) return false;
		return slowestMs > 2 * QUICK_RESPONSE_MS || rate < (this.rateBefore ?? 0) * SLOWER;
	}

	private resize(level: number): void {
		this.level = level;
		this.rateBefore = undefined;
		this.window = startWindow(this.now());
	}

	private get areUploadsQuick(): boolean {
		const now = this.now();
		const running = [...this.uploads.values()].map((start) => now - start);
		return Math.max(this.slowestUploadMs, ...running) < QUICK_UPLOAD_MS;
	}
}

function startWindow(start: number): Window {
	return { start, responses: 0, files: 0, slowestMs: 0 };
}
