/** Thrown if a request breaks the contract. The emulator sends it in one place. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		detail: string,
		/** Sent before the body is read, after which the connection is closed. */
		public early = false,
		readonly json: unknown = { detail },
	) {
		super(detail);
	}
}
