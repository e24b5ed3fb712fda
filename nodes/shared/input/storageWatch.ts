/** Files in a row on which a storage gives no answer before it counts as dead. */
const MAX_UNANSWERED = 8;

export class NoAnswerError extends Error {}

/**
 * Bounds how long a run waits for n8n's storage: a network share that is gone answers neither to
 * reading nor to closing. Each file has the same time; but once no file gets an answer any more, the
 * remaining ones don't wait for theirs one by one.
 */
export class StorageWatch {
	private unanswered = 0;

	constructor(private readonly timeoutMs: number) {}

	/** @throws NoAnswerError when the time is over. What comes of the look afterwards is lost. */
	async within<T>(look: () => Promise<T>): Promise<T> {
		if (this.unanswered >= MAX_UNANSWERED) throw new NoAnswerError();
		const answer = look();
		const answered = () => (this.unanswered = 0);
		void answer.then(answered, answered);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => {
				this.unanswered++;
				reject(new NoAnswerError());
			}, this.timeoutMs).unref();
		});
		try {
			return await Promise.race([answer, late]);
		} finally {
			clearTimeout(timer);
		}
	}
}
