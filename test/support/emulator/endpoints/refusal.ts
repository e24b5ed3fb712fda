/** Thrown wherever a request breaks the contract; answered in one place. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		detail: string,
		/** Answer before the body is read, and close the connection. */
		public early = false,
		readonly json: unknown = { detail },
	) {
		super(detail);
	}
}
