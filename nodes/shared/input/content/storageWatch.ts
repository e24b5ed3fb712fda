/**
 * Files that are looked at in n8n's storage at the same time. Node reads files with four threads, and
 * one that waits for a network share that is gone waits for good: one is left for the rest of n8n.
 */
const MAX_AT_ONCE = 3;

export class NoAnswerError extends Error {}

/**
 * Bounds how long a run waits for n8n's storage, and how much of n8n waits with it. A share that is
 * gone answers neither to reading nor to closing. Each file has the same time; once as many files got
 * no answer as may be looked at, none is asked for any more.
 */
export class StorageWatch {
	private underWay = 0;
	private unanswered = 0;
	private readonly waiting: (() => void)[] = [];

	constructor(private readonly timeoutMs: number) {}

	/** @throws NoAnswerError when the time is over. What comes of the look afterwards is lost. */
	async within<T>(look: () => Promise<T>): Promise<T> {
		while (this.underWay === MAX_AT_ONCE) {
			if (this.unanswered === MAX_AT_ONCE) throw new NoAnswerError();
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		this.underWay++;
		let isLate = false;
		const answer = look();
		const settled = () => {
			this.underWay--;
			if (isLate) this.unanswered--;
			this.waiting.shift()?.();
		};
		void answer.then(settled, settled);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => {
				isLate = true;
				this.unanswered++;
				reject(new NoAnswerError());
				if (this.unanswered === MAX_AT_ONCE) this.wakeAll();
			}, this.timeoutMs).unref();
		});
		try {
			return await Promise.race([answer, late]);
		} finally {
			clearTimeout(timer);
		}
	}

	private wakeAll(): void {
		for (const wake of this.waiting.splice(0)) wake();
	}
}
