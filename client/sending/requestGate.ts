/** Runs requests side by side, or one of them alone. */
export class RequestGate {
	private underWay = 0;
	private isAlone = false;
	private readonly queue: { alone: boolean; enter: () => void }[] = [];

	/** @param mayStart whether another request may start while this many are under way */
	constructor(private readonly mayStart: (underWay: number) => boolean = () => true) {}

	/**
	 * Runs a request when it may start. One that must be alone waits for those under way, and later ones
	 * wait for it.
	 */
	async pass<T>(alone: boolean, request: () => Promise<T>): Promise<T> {
		if (this.queue.length > 0 || !this.isFree(alone)) {
			await new Promise<void>((enter) => this.queue.push({ alone, enter }));
		} else {
			this.enter(alone);
		}
		try {
			return await request();
		} finally {
			this.underWay--;
			this.isAlone = false;
			this.admit();
		}
	}

	/** Starts waiting requests that may start by now. */
	admit(): void {
		for (let next = this.queue[0]; next && this.isFree(next.alone); next = this.queue[0]) {
			this.queue.shift();
			this.enter(next.alone);
			next.enter();
		}
	}

	private isFree(alone: boolean): boolean {
		return alone ? this.underWay === 0 : !this.isAlone && this.mayStart(this.underWay);
	}

	private enter(alone: boolean): void {
		this.underWay++;
		this.isAlone = alone;
	}
}
